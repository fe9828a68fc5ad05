import type { ImportModule } from "../config/import-module.ts";
import { type ConfigLocation, loadConfig } from "../config/load-config.ts";
import type { Program } from "../config/program.ts";
import { withConfigFile } from "../config/with-config-file.ts";
import { deniedPermission } from "../errors/denied-permission.ts";
import { wrapError } from "../errors/wrap-error.ts";
import { readEnvironment } from "../options/azure-variables.ts";
import { createClock } from "../services/clock.ts";
import type { Platform } from "../services/platform.ts";
import type { Runtime } from "./assemble.ts";
import type { derive } from "./derive.ts";
import { type LoadFiles, loadRegistry } from "./load-registry.ts";
import type { ServiceOverrides } from "./services.ts";
import { wire } from "./wire.ts";

/** Where a config may come from, before the program is looked at. */
export interface StartPlace extends Omit<ConfigLocation, "program"> {
  /** Loads what the identity is made of: with Node's client, or with `fetch`. */
  readonly firstUse: () => Promise<FirstUse>;
  findProgram(): Program;
  readonly files: LoadFiles;
}

/** What an identity loads on first use. */
export interface FirstUse {
  loadRuntime(place: StartPlace, overrides: ServiceOverrides, signal: AbortSignal): Promise<Runtime>;
  readonly derive: typeof derive;
}

/**
 * The program is looked for on first use: without a config file and names of plugins it is not
 * needed.
 */
function placeWithProgram(place: StartPlace): ConfigLocation {
  let program: Program | undefined;
  return {
    ...place,
    get program() {
      program ??= place.findProgram();
      return program;
    },
  };
}

async function load(
  platform: Platform,
  place: StartPlace,
  overrides: ServiceOverrides,
  signal: AbortSignal,
): Promise<Runtime> {
  const live = overrides.env ?? process.env;
  const env = readEnvironment(live);
  const clock = overrides.clock ?? createClock();
  const importModule: ImportModule = async (file, read) =>
    (await place.files()).createImportModule(clock, signal)(file, read);
  const location = placeWithProgram(place);
  const read = await loadConfig(location, env, async () => (await place.files()).findConfig, importModule);
  const work = async () => {
    const loaded = await loadRegistry(read, location, place.files, importModule);
    return wire({ read, ...loaded, live, env, overrides, platform, signal });
  };
  return withConfigFile(read, work);
}

/**
 * Loads config and plugins, and wires everything of one identity; ends with the signal.
 *
 * @throws {ConfigurationError} `permission-denied`, and each code of config and plugins
 */
export async function loadRuntime(...args: Parameters<typeof load>): Promise<Runtime> {
  return load(...args).catch((error: unknown) => {
    throw deniedPermission(error) === undefined ? error : wrapError("The config", error);
  });
}
