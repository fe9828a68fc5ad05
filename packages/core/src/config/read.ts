import { ConfigurationError } from "../contract/errors.ts";
import type { IdentityConfig } from "./define.ts";
import { findConfig, loadConfigFile } from "./find.ts";
import { layerConfigs } from "./layers.ts";
import { parseConfig } from "./parse.ts";

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
  /** Names of plugins and relative paths are taken from here. */
  readonly folder: string;
}

/** Finds, loads and checks the config, and puts its layers together: what was given in code wins over the file. */
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
  const given = parseConfig(place.given, undefined);
  if (found !== undefined) {
    return {
      config: layerConfigs([given, parseConfig(found.value, found.file)]),
      file: found.file,
      folder: dirname(found.file),
    };
  }
  if (!place.require) return { config: given, file: undefined, folder: place.folder };
  throw new ConfigurationError("config-required", `A config is required, and there is none in ${place.folder}.`, {
    remedy: "Write an azidentity.config.ts there, or name one with `configFile` or AZIDENTITY_CONFIG.",
  });
}
