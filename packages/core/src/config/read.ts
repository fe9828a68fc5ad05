import { ConfigurationError } from "../contract/errors.ts";
import { copyConfig, type IdentityConfig } from "./define.ts";
import { findConfigFile, manifestConfig } from "./find.ts";
import { configFromEnvironment } from "./from-environment.ts";
import { layerConfigs } from "./layers.ts";
import { type ImportModule, isData, loadFile } from "./load-file.ts";
import { namingFile } from "./name-file.ts";
import { parseConfig } from "./parse.ts";
import { selectProfile } from "./profiles.ts";
import { type ResolvedConfig, resolveSettings } from "./resolve-settings.ts";
import { markTemplates } from "./templates.ts";
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
  /** Names of files that are not absolute are taken from here. */
  readonly workingDirectory: string;
}

export interface ReadConfig {
  readonly config: ResolvedConfig;
  /** The file it came from, if any. */
  readonly file: string | undefined;
  /** The part that stands in that file. */
  readonly inFile: IdentityConfig;
  /** Relative paths in references are taken from here. */
  readonly folder: string;
  /** Names and paths of plugins are taken from here: the folder of whoever named them, else the project. */
  readonly pluginFolder: string;
  /** Said in the log as soon as there is one. */
  readonly warning: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

function required(folder: string): ConfigurationError {
  return new ConfigurationError("config-required", `A config is required, and there is none in ${folder}.`, {
    remedy: "Write an azidentity.config.ts there, or name one with `configFile` or AZIDENTITY_CONFIG.",
  });
}

/** The file that is named outright, else the one to be found; `undefined` when there is none. */
function chooseFile(place: ConfigPlace, env: Env): string | undefined {
  const named = place.file ?? (place.search ? env.AZIDENTITY_CONFIG : undefined);
  if (named !== undefined) return process.getBuiltinModule("node:path").resolve(place.workingDirectory, named);
  const found = place.search ? findConfigFile(place.folder) : undefined;
  if (found === undefined && place.require) throw required(place.folder);
  return found;
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
  const parsed = copyConfig(parseConfig(loaded, file)); // a module may go on to change what it exports
  if (!isData(file)) return parsed;
  const layers = [parsed, ...Object.values(parsed.profiles ?? {})];
  refusePathsOutside(
    layers.flatMap(({ plugins = [] }) => plugins),
    file,
  );
  return markTemplates(parsed, file);
}

/** A warning, and in production an error: whoever may write the config decides who the program is. */
function checkWriters(file: string, mode: IdentityConfig["mode"]): string | undefined {
  const found = writableByOthers(file);
  if (found === undefined || mode !== "production") return found?.problem;
  throw new ConfigurationError("config-writable", found.problem, { file, remedy: found.remedy });
}

/**
 * Finds, loads and checks the config, and puts its layers together. What comes first wins: what was given in code, `AZIDENTITY_*`, the
 * profile, the file.
 */
export async function readConfig(place: ConfigPlace, env: Env, importModule: ImportModule): Promise<ReadConfig> {
  const given = parseConfig(place.given, undefined);
  const operator = configFromEnvironment(env);
  const file = chooseFile(place, env);
  if (file !== undefined) checkWriters(file, given.mode ?? operator.mode); // before it runs
  const inFile = file === undefined ? {} : await readFile(file, importModule);
  const base = layerConfigs([given, operator, inFile]);
  const profile = selectProfile(base, given.profile ?? env.AZIDENTITY_PROFILE, file);
  const config = layerConfigs([given, operator, profile, inFile]);
  const warning = file === undefined ? undefined : checkWriters(file, config.mode);
  // getters, because the project's folder is looked for only when somebody wants it
  const scope = {
    env,
    get folder() {
      return file === undefined ? place.folder : process.getBuiltinModule("node:path").dirname(file);
    },
  };
  return {
    config: namingFile({ file, inFile }, () => resolveSettings(config, scope)),
    inFile,
    file,
    get folder() {
      return scope.folder;
    },
    get pluginFolder() {
      return given.plugins === undefined && config.plugins !== undefined ? scope.folder : place.folder;
    },
    warning,
  };
}
