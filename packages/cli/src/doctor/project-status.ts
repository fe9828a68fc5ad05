import type { NearMiss } from "@azidentity/core/project";
import type { ErrorReport } from "../errors/describe-error.ts";

/** The project in the working directory, as far as it decides the identity. */
export interface ProjectStatus {
  /** Its config file; `undefined`: there is none. */
  readonly configFile: string | undefined;
  /** What the config would run or change, and was not allowed to; empty: it is used. */
  readonly untrusted: readonly string[];
  /** What is wrong with the config, or with a plugin that it names, so that it is not used. */
  readonly error: ErrorReport | undefined;
  /** A file that looks like a config and is not read, where there is none. */
  readonly nearMiss?: NearMiss | undefined;
  /** Versions of the plugins by their names, as far as they are known. */
  readonly versions: Readonly<Record<string, string>>;
}
