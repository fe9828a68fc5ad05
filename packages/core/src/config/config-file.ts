import { ConfigurationError } from "../errors/errors.ts";
import { copyConfig, type IdentityConfig } from "./define.ts";
import { findConfigFile, manifestConfig } from "./find.ts";
import type { ImportModule } from "./import-module.ts";
import { createInlineSecrets } from "./inline-secrets.ts";
import type { ConfigFile, ConfigLocation } from "./load-config.ts";
import { loadFile } from "./load-file.ts";
import { isData, locate } from "./locate.ts";
import { markTemplates } from "./mark-templates.ts";
import { nameConfigFile } from "./name-config-file.ts";
import { findNearMiss } from "./near-misses.ts";
import { parseConfig } from "./parse.ts";
import { checkTrust, refusePathsOutside } from "./trust.ts";

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
    const [problem, remedy] = isData(file)
      ? ["is empty", "Write a config into it, or delete it."]
      : ["has no default export", "Export the config as default (see `defineConfig`), or delete the file."];
    throw new ConfigurationError("config-empty", `The config file ${file} ${problem}.`, { file, remedy });
  }
  // a copy, because a module may change its exports later
  const parsed = copyConfig(parseConfig(loaded, file, file, locate));
  if (!isData(file)) return parsed;
  const layers = [parsed, ...Object.values(parsed.profiles ?? {})];
  refusePathsOutside(
    layers.flatMap(({ plugins = [] }) => plugins),
    file,
  );
  return markTemplates(parsed, file);
}

/**
 * Reads a config that is data, and checks its shape. No plugin is loaded, and no reference
 * resolved.
 *
 * @param file full path of a file for which `isData` is true
 * @throws {ConfigurationError} `config-not-found`, `config-unreadable`, `config-malformed`,
 *   `config-empty`, `invalid-config`, `unknown-key`, `path-outside-config`
 */
export function readDataConfig(file: string): Promise<IdentityConfig> {
  return readFile(file, () => Promise.reject(new TypeError(`${file} is a program.`)));
}

/**
 * Finds the config file of a program. `check` has to come before `read`, which may run the file.
 */
export function findConfig(location: ConfigLocation, env: Env): ConfigFile {
  const named = namedFile(location, env);
  const file = named ?? (location.search ? findConfigFile(location.program.folder) : undefined);
  if (file === undefined)
    return { path: undefined, check: (mode) => checkAbsence(location, mode), read: async () => ({}) };
  const searched = named === undefined ? { searched: location.program.folder } : {};
  return {
    path: file,
    check: (mode) => checkTrust({ path: file, what: "config file", ...searched }, location.program, mode),
    read: (importModule) => readFile(file, importModule),
    inlineSecrets: createInlineSecrets(file),
    nameFile: (inFile, error) => nameConfigFile(file, inFile, error),
  };
}
