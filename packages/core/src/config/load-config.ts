import { ConfigurationError } from "../errors/errors.ts";
import { copyConfig, type IdentityConfig } from "./define.ts";
import { findConfigFile, manifestConfig } from "./find.ts";
import { configFromEnvironment } from "./from-environment.ts";
import { layerConfigs, selectProfile } from "./layers.ts";
import { type ImportModule, isData, loadFile } from "./load-file.ts";
import { findNearMiss } from "./near-misses.ts";
import { parseConfig } from "./parse.ts";
import type { Program } from "./program.ts";
import { type ResolvedConfig, resolveSettings } from "./references.ts";
import { markTemplates } from "./templates.ts";
import { checkPlugin, checkTrust, refusePathsOutside } from "./trust.ts";
import { withConfigFile } from "./with-config-file.ts";

/** Where a config may come from; fixed when the identity is created. */
export interface ConfigLocation {
  /** Given in code; takes precedence over a file. */
  readonly given: IdentityConfig;
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
  /** Its file, if any. */
  readonly file: string | undefined;
  /** The part that is in that file. */
  readonly inFile: IdentityConfig;
  /** Relative paths in references are resolved against it. */
  readonly folder: string;
  /**
   * Names and paths of plugins are resolved against it: the folder of the file that names them,
   * else the project.
   */
  readonly pluginFolder: string;
  /** Written to the log once it is created. */
  readonly warnings: readonly string[];
  /** Checks a file that a plugin is loaded from; returns a warning, or throws. */
  readonly checkPlugin: (path: string, name: string) => string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

function required(folder: string): ConfigurationError {
  return new ConfigurationError("config-required", `A config is required, and there is none in ${folder}.`, {
    remedy: "Write an azidentity.config.ts there, or name one with `configFile` or AZIDENTITY_CONFIG.",
  });
}

/** The full path of the file that is named; `undefined` when none is. */
function namedFile(location: ConfigLocation, env: Env): string | undefined {
  const named = location.file ?? (location.search ? env.AZIDENTITY_CONFIG : undefined);
  if (named === undefined) return undefined;
  return process.getBuiltinModule("node:path").resolve(location.workingDirectory, named);
}

/**
 * Returns a warning about a file that is probably meant as the missing config; throws where a
 * config is required.
 */
function checkAbsence(location: ConfigLocation, mode: IdentityConfig["mode"]): string | undefined {
  const named = (location.given.plugins ?? []).length > 0;
  const near = location.search ? findNearMiss(location.program, named) : undefined;
  if (near === undefined && location.require) throw required(location.program.folder);
  if (near === undefined) return undefined;
  const problem = `The file ${near.file} looks like a config, but is not read.`;
  const remedy = `If it is meant for this program, ${near.remedy}; if not, disable the search with \`config: false\`.`;
  if (location.require || (mode === "production" && near.likely))
    throw new ConfigurationError("config-near-miss", problem, { file: near.file, remedy });
  return `${problem} ${remedy}`;
}

async function readFile(file: string, importModule: ImportModule): Promise<IdentityConfig> {
  const isManifest = file.endsWith("package.json");
  const value = await loadFile(file, importModule);
  const loaded = isManifest ? manifestConfig(file) : value;
  if (loaded === undefined || loaded === null) {
    throw new ConfigurationError("config-empty", `The config file ${file} is empty.`, {
      file,
      remedy: "Export a config from it by default (see `defineConfig`), or delete it.",
    });
  }
  // a copy, because a module may change its exports later
  const parsed = copyConfig(parseConfig(loaded, file));
  if (!isData(file)) return parsed;
  const layers = [parsed, ...Object.values(parsed.profiles ?? {})];
  refusePathsOutside(
    layers.flatMap(({ plugins = [] }) => plugins),
    file,
  );
  return markTemplates(parsed, file);
}

/**
 * Finds, loads and checks the config, and merges its layers. In order of precedence: what is given
 * in code, `AZIDENTITY_*`, the profile, the file.
 */
export async function loadConfig(
  location: ConfigLocation,
  env: Env,
  importModule: ImportModule,
): Promise<LoadedConfig> {
  const given = parseConfig(location.given, undefined);
  const operator = configFromEnvironment(env);
  const named = namedFile(location, env);
  const file = named ?? (location.search ? findConfigFile(location.program.folder) : undefined);
  const checkFile = (mode: IdentityConfig["mode"]) => {
    if (file === undefined) return checkAbsence(location, mode);
    const searched = named === undefined ? { searched: location.program.folder } : {};
    return checkTrust({ path: file, what: "config file", ...searched }, location.program, mode);
  };
  const knownMode = given.mode ?? operator.mode;
  const knownModeWarning = checkFile(knownMode); // before the file runs
  const inFile = file === undefined ? {} : await readFile(file, importModule);
  const base = layerConfigs([given, operator, inFile]);
  const profile = selectProfile(base, given.profile ?? env.AZIDENTITY_PROFILE, file);
  const config = layerConfigs([given, operator, profile, inFile]);
  const warning = config.mode === knownMode ? knownModeWarning : checkFile(config.mode);
  // getters, because finding the project's folder takes time and is rarely needed
  const scope = {
    env,
    get folder() {
      return file === undefined ? location.program.folder : process.getBuiltinModule("node:path").dirname(file);
    },
  };
  return {
    config: withConfigFile({ file, inFile }, () => resolveSettings(config, scope)),
    inFile,
    file,
    get folder() {
      return scope.folder;
    },
    get pluginFolder() {
      return given.plugins === undefined && config.plugins !== undefined ? scope.folder : location.program.folder;
    },
    warnings: warning === undefined ? [] : [warning],
    checkPlugin: (path, name) => checkPlugin(path, name, location.program, config.mode),
  };
}
