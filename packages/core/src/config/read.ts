import { ConfigurationError } from "../errors/errors.ts";
import { copyConfig, type IdentityConfig } from "./define.ts";
import { findConfigFile, manifestConfig } from "./find.ts";
import { configFromEnvironment } from "./from-environment.ts";
import { layerConfigs } from "./layers.ts";
import { type ImportModule, isData, loadFile } from "./load-file.ts";
import { namingFile } from "./name-file.ts";
import { findNearMiss } from "./near-misses.ts";
import { parseConfig } from "./parse.ts";
import { selectProfile } from "./profiles.ts";
import type { Program } from "./program.ts";
import { type ResolvedConfig, resolveSettings } from "./resolve-settings.ts";
import { markTemplates } from "./templates.ts";
import { checkPlugin, checkTrust, refusePathsOutside } from "./trust.ts";

/** Where a config may come from; fixed when the identity is made. */
export interface ConfigPlace {
  /** Given in code; wins over a file. */
  readonly given: IdentityConfig;
  /** Named outright; its absence is an error. */
  readonly file: string | undefined;
  readonly search: boolean;
  readonly require: boolean;
  /** The program, with the folder of the project that owns it. */
  readonly program: Program;
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
  readonly warnings: readonly string[];
  /** Judges a file that a plugin is loaded from; returns a warning, or throws. */
  readonly checkPlugin: (path: string, name: string) => string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

function required(folder: string): ConfigurationError {
  return new ConfigurationError("config-required", `A config is required, and there is none in ${folder}.`, {
    remedy: "Write an azidentity.config.ts there, or name one with `configFile` or AZIDENTITY_CONFIG.",
  });
}

/** Where the file that is named outright lies; `undefined` when none is. */
function namedFile(place: ConfigPlace, env: Env): string | undefined {
  const named = place.file ?? (place.search ? env.AZIDENTITY_CONFIG : undefined);
  if (named === undefined) return undefined;
  return process.getBuiltinModule("node:path").resolve(place.workingDirectory, named);
}

/**
 * A warning about a file that was probably meant as the config that is missing; an error where a
 * config is required.
 */
function checkAbsence(place: ConfigPlace, mode: IdentityConfig["mode"]): string | undefined {
  const named = (place.given.plugins ?? []).length > 0;
  const near = place.search ? findNearMiss(place.program, named) : undefined;
  if (near === undefined && place.require) throw required(place.program.folder);
  if (near === undefined) return undefined;
  const problem = `The file ${near.file} looks like a config, and is not read.`;
  const remedy = `If it is meant for this program, ${near.remedy}; if not, look for none: \`config: false\`.`;
  if (place.require || (mode === "production" && near.likely))
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
  // a copy, because a module may go on to change what it exports
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
 * Finds, loads and checks the config, and puts its layers together. What comes first wins: what was given in code, `AZIDENTITY_*`, the
 * profile, the file.
 */
export async function readConfig(place: ConfigPlace, env: Env, importModule: ImportModule): Promise<ReadConfig> {
  const given = parseConfig(place.given, undefined);
  const operator = configFromEnvironment(env);
  const named = namedFile(place, env);
  const file = named ?? (place.search ? findConfigFile(place.program.folder) : undefined);
  const judge = (mode: IdentityConfig["mode"]) => {
    if (file === undefined) return checkAbsence(place, mode);
    const searched = named === undefined ? { searched: place.program.folder } : {};
    return checkTrust({ path: file, what: "config file", ...searched }, place.program, mode);
  };
  const early = given.mode ?? operator.mode;
  const earlyWarning = judge(early); // before it runs
  const inFile = file === undefined ? {} : await readFile(file, importModule);
  const base = layerConfigs([given, operator, inFile]);
  const profile = selectProfile(base, given.profile ?? env.AZIDENTITY_PROFILE, file);
  const config = layerConfigs([given, operator, profile, inFile]);
  const warning = config.mode === early ? earlyWarning : judge(config.mode);
  // getters, because the project's folder is looked for only when somebody wants it
  const scope = {
    env,
    get folder() {
      return file === undefined ? place.program.folder : process.getBuiltinModule("node:path").dirname(file);
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
      return given.plugins === undefined && config.plugins !== undefined ? scope.folder : place.program.folder;
    },
    warnings: warning === undefined ? [] : [warning],
    checkPlugin: (path, name) => checkPlugin(path, name, place.program, config.mode),
  };
}
