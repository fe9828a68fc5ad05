import { ConfigurationError } from "../contract/errors.ts";
import type { IdentityConfig } from "./define.ts";
import { findConfig, loadConfigFile } from "./find.ts";
import { configFromEnvironment } from "./from-environment.ts";
import { layerConfigs } from "./layers.ts";
import { parseConfig } from "./parse.ts";
import { selectProfile } from "./profiles.ts";
import { refusePathsOutside, writableByOthers } from "./trust.ts";

/** Where a config may come from; fixed when the identity is made. */
export interface ConfigPlace {
  /** Given in code; wins over a file. */
  readonly given: IdentityConfig;
  /** Named outright; its absence is an error. */
  readonly file: string | undefined;
  readonly search: boolean;
  readonly require: boolean;
  /** The project that owns the program. */
  readonly folder: string;
}

export interface ReadConfig {
  readonly config: IdentityConfig;
  /** The file it came from, if any. */
  readonly file: string | undefined;
  /** The part that stands in that file. */
  readonly inFile: IdentityConfig;
  /** Names of plugins and relative paths are taken from here. */
  readonly folder: string;
  /** Said in the log as soon as there is one. */
  readonly warning: string | undefined;
}

/**
 * Finds, loads and checks the config, and puts its layers together. What comes first wins: what was given in code, `AZIDENTITY_*`, the
 * profile, the file.
 */
export async function readConfig(
  place: ConfigPlace,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadConfig> {
  const { resolve, dirname } = process.getBuiltinModule("node:path");
  const named = place.file ?? env.AZIDENTITY_CONFIG;
  const found =
    named !== undefined
      ? await loadConfigFile(resolve(named))
      : place.search
        ? await findConfig(place.folder)
        : undefined;
  if (found === undefined && place.require) throw required(place.folder);
  const given = parseConfig(place.given, undefined);
  const operator = parseConfig(configFromEnvironment(env), "AZIDENTITY_* variables");
  const inFile = found === undefined ? {} : parseConfig(found.value, found.file);
  const base = layerConfigs([given, operator, inFile]);
  const profile = selectProfile(base, given.profile ?? env.AZIDENTITY_PROFILE, found?.file);
  const config = layerConfigs([given, operator, profile, inFile]);
  if (found === undefined) return { config, inFile, file: undefined, folder: place.folder, warning: undefined };
  const layers = [inFile, ...Object.values(inFile.profiles ?? {})];
  refusePathsOutside(
    layers.flatMap(({ plugins = [] }) => plugins),
    found.file,
  );
  const warning = writableByOthers(found.file);
  if (warning !== undefined && config.mode === "production") {
    const remedy = `Run: chmod o-w ${found.file}`;
    throw new ConfigurationError("config-writable", warning, { file: found.file, remedy });
  }
  return { config, inFile, file: found.file, folder: dirname(found.file), warning };
}

function required(folder: string): ConfigurationError {
  return new ConfigurationError("config-required", `A config is required, and there is none in ${folder}.`, {
    remedy: "Write an azidentity.config.ts there, or name one with `configFile` or AZIDENTITY_CONFIG.",
  });
}
