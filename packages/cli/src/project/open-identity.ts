import type { ExplainedCredential, Identity } from "@azidentity/core";
import type { Logger } from "@azidentity/core/plugin";
import { createProjectIdentity } from "@azidentity/core/project";
import type { CommandInput } from "../command-line/description.ts";
import { CommandError, usageError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { findConfig, type Project, readProject } from "./find-project.ts";
import { officialPlugins } from "./official-plugins.ts";
import { isTrusted, readTrustList } from "./trust-list.ts";

/** Which identity a command works with. */
export interface IdentitySettings {
  /**
   * A config file, or `false` for none. Default: AZIDENTITY_CONFIG, else that of the working
   * directory.
   */
  readonly config?: string | false;
  /** One source by name. */
  readonly source?: string;
  /** A chain of the config by name. */
  readonly chain?: string;
  /** Tenant of the tokens, by id or domain. */
  readonly tenantId?: string;
  /**
   * What to do about a config that runs code and has not been trusted: `refuse` rejects, `ignore`
   * works without it. Default `refuse`, so that a program never gets another identity than its
   * project names.
   */
  readonly untrusted?: "refuse" | "ignore";
  /** Gets the log lines of the identity. Default: standard error. */
  readonly logger?: Logger;
}

/** An identity, and where it comes from. */
export interface OpenedIdentity {
  readonly identity: Identity;
  /** The source or chain that was chosen; else the default chain. */
  readonly credential: ExplainedCredential;
  /** The config that is in force; `undefined`: none. */
  readonly project: Project | undefined;
  /** The config that is not in force because it has not been trusted (`untrusted: "ignore"`). */
  readonly untrusted: Project | undefined;
  /** Closes the identity; never rejects. */
  close(): Promise<void>;
}

const text = (value: CommandInput["options"][string]): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** The settings that the options of `identityOptions` say. */
export function identitySettingsOf({ options }: Pick<CommandInput, "options">): IdentitySettings {
  const { config, source, chain, tenant } = options;
  if (text(source) !== undefined && text(chain) !== undefined)
    throw usageError("--source and --chain exclude each other.", "Leave one of them out.");
  const tenantId = text(tenant);
  if (tenantId !== undefined && !/^[\w.-]{1,253}$/.test(tenantId))
    throw usageError("--tenant is neither a directory id nor a domain.", "Write, for example: --tenant contoso.com");
  return {
    config: config === false ? false : text(config),
    source: text(source),
    chain: text(chain),
    tenantId,
  };
}

/** Why a config is not used yet, and what to type. */
export function untrustedError({ file, code }: Project): CommandError {
  const named = code.map(({ what }) => what).join("; ");
  return new CommandError(
    "untrusted-config",
    `${file} has not been trusted as it is now. It needs trust for: ${named}.`,
    {
      remedy: "Look at it, then run: azid trust (or add --no-config to work without it)",
      exit: "untrusted",
    },
  );
}

/** The config of a command, and whether it may be used. */
export interface FoundProject {
  /** `undefined`: there is no config. */
  readonly project: Project | undefined;
  readonly isTrusted: boolean;
}

/**
 * Finds the config, and compares what it runs with what the user has trusted. Nothing runs.
 *
 * @throws {ConfigurationError} what is wrong with a config that is data
 * @throws {CommandError} `trust-list-unusable`
 */
export async function findProject(host: Host, config?: string | false): Promise<FoundProject> {
  const file = findConfig(host, config);
  if (file === undefined) return { project: undefined, isTrusted: true };
  const project = await readProject(file);
  if (project.code.length === 0) return { project, isTrusted: true };
  return { project, isTrusted: isTrusted(project, readTrustList(host)) };
}

/**
 * Opens the identity of the working directory, with the official plugins beside `azid`. Nothing is
 * loaded before the first token, except for the config.
 *
 * @throws {CommandError} `untrusted-config`, `trust-list-unusable`
 * @throws {ConfigurationError} what is wrong with a config that is data
 */
export async function openIdentity(host: Host, settings: IdentitySettings = {}): Promise<OpenedIdentity> {
  const { config, source, chain, untrusted = "refuse", logger } = settings;
  const { project, isTrusted: mayUse } = await findProject(host, config);
  if (project !== undefined && !mayUse && untrusted === "refuse") throw untrustedError(project);
  const used = mayUse ? project : undefined;
  const identity = createProjectIdentity(
    { configFile: used?.file, plugins: officialPlugins, workingDirectory: host.workingDirectory },
    { env: host.environment, ...(logger && { logger }) },
  );
  const chosen = source === undefined ? identity : identity.credential(source);
  return {
    identity,
    credential: chain === undefined ? chosen : identity.chain(chain),
    project: used,
    untrusted: mayUse ? undefined : project,
    close: () => identity.close(),
  };
}
