import type { ConfigurationError } from "../errors/errors.ts";
import type { IdentityConfig } from "./define.ts";
import { configFromEnvironment } from "./from-environment.ts";
import type { ImportModule } from "./import-module.ts";
import type { InlineSecrets } from "./inline-secrets.ts";
import { layerConfigs, selectProfile } from "./layers.ts";
import { parseConfig, parseDefaults } from "./parse.ts";
import type { Program } from "./program.ts";
import { type ResolvedConfig, resolveSettings } from "./references.ts";
import type { PluginInput } from "./source-types.ts";
import { type NameFile, withConfigFile } from "./with-config-file.ts";

/** Where a config may come from; fixed when the identity is created. */
export interface ConfigLocation {
  /** Given in code; takes precedence over a file. */
  readonly given: IdentityConfig;
  /** Holds where nothing else does. Default: none. */
  readonly defaults?: IdentityConfig;
  /** Named by the caller; an error if it does not exist. */
  readonly file: string | undefined;
  /** Whether to search the folder of the program, and to read AZIDENTITY_CONFIG. */
  readonly search: boolean;
  /** Whether to fail when there is no config file. */
  readonly require: boolean;
  /** The program, with the folder of the project that owns it. */
  readonly program: Program;
  /** Relative names of files are resolved against it. */
  readonly workingDirectory: string;
}

/** A config with all its layers merged and its own settings resolved. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** The same with its references as they were written. */
  readonly written: IdentityConfig;
  /** Its file, if any. */
  readonly file: string | undefined;
  /** The part that is in that file. */
  readonly inFile: IdentityConfig;
  /** `undefined`: there is no file, or it may have secrets in it. */
  readonly inlineSecrets: InlineSecrets | undefined;
  /** `undefined`: there is no file. */
  readonly nameFile: NameFile | undefined;
  /** Relative paths in references are resolved against it. */
  readonly folder: () => string;
  /**
   * Names and paths of plugins are resolved against it: the folder of the file that names them,
   * else the project.
   */
  readonly pluginFolder: () => string;
  /** Written to the log once it is created. */
  readonly warnings: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** The config file of a program, if there is one. */
export interface ConfigFile {
  /** `undefined`: there is none. */
  readonly path: string | undefined;
  /**
   * Refuses a file that other accounts may have written, and the absence of one that is required.
   * Returns a warning for what is allowed in this mode.
   */
  check(mode: IdentityConfig["mode"]): string | undefined;
  read(importModule: ImportModule): Promise<IdentityConfig>;
  /** Absent: there is no file. */
  readonly inlineSecrets?: InlineSecrets;
  /** Names the file in an error about one of the settings that were read. */
  readonly nameFile?: (inFile: IdentityConfig, error: ConfigurationError) => ConfigurationError;
}

/** Finds config files. Loaded only where there may be one. */
export type FindConfig = (location: ConfigLocation, env: Env) => ConfigFile;

const noFile: ConfigFile = { path: undefined, check: () => undefined, read: async () => ({}) };

/** A config with what it leaves open. Plugins of the defaults are added to its own. */
function overDefaults(config: IdentityConfig, given: IdentityConfig | undefined): IdentityConfig {
  if (given === undefined) return config;
  const defaults = parseDefaults(given);
  const nameOf = (plugin: PluginInput) => (typeof plugin === "string" ? plugin : plugin.name);
  const named = config.plugins?.map(nameOf) ?? [];
  const added = defaults.plugins?.filter((plugin) => !named.includes(nameOf(plugin))) ?? [];
  const plugins = added.length === 0 ? config.plugins : [...added, ...(config.plugins ?? [])];
  return layerConfigs([{ ...config, plugins }, defaults]);
}

/**
 * Finds, loads and checks the config, and merges its layers. In order of precedence: what is given
 * in code, `AZIDENTITY_*`, the profile, the file, the defaults.
 */
export async function loadConfig(
  location: ConfigLocation,
  env: Env,
  findConfig: () => Promise<FindConfig>,
  importModule: ImportModule,
): Promise<LoadedConfig> {
  const given = parseConfig(location.given, undefined);
  const operator = configFromEnvironment(env);
  const mayHaveFile = location.search || location.file !== undefined || location.require;
  const configFile = mayHaveFile ? (await findConfig())(location, env) : noFile;
  const file = configFile.path;
  const knownMode = given.mode ?? operator.mode;
  const knownModeWarning = configFile.check(knownMode); // before the file runs
  const inFile = await configFile.read(importModule);
  const nameFile = configFile.nameFile?.bind(undefined, inFile);
  const base = layerConfigs([given, operator, inFile]);
  const profile = selectProfile(base, given.profile ?? env.AZIDENTITY_PROFILE, file);
  const config = overDefaults(layerConfigs([given, operator, profile, inFile]), location.defaults);
  const inlineSecrets = config.allowInlineSecrets === true ? undefined : configFile.inlineSecrets;
  inlineSecrets?.refuseProxyPassword(inFile);
  const warning = config.mode === knownMode ? knownModeWarning : configFile.check(config.mode);
  // functions, because finding the project's folder takes time and is rarely needed
  const folder = () =>
    file === undefined ? location.program.folder : process.getBuiltinModule("node:path").dirname(file);
  const pluginFolder = () =>
    given.plugins === undefined && config.plugins !== undefined ? folder() : location.program.folder;
  return {
    config: withConfigFile({ nameFile }, () => resolveSettings(config, { env, folder })),
    written: config,
    inFile,
    file,
    inlineSecrets,
    nameFile,
    folder,
    pluginFolder,
    warnings: warning === undefined ? [] : [warning],
  };
}
