import { layerConfigs } from "./layers.ts";
import type { LoadedConfig } from "./load-config.ts";
import { parseSharedSettings } from "./parse.ts";
import { type ReferenceScope, resolveSettings } from "./references.ts";
import { withConfigFile } from "./with-config-file.ts";

/**
 * A config that was read, with the settings of `Identity.with` as a layer over it. References are
 * resolved against `env`, also those of the config.
 *
 * @throws {ConfigurationError} `invalid-config`, `unknown-key`, `missing-reference`
 */
export function layerSettings(read: LoadedConfig, settings: unknown, env: ReferenceScope["env"]): LoadedConfig {
  const written = layerConfigs([parseSharedSettings(settings), read.written]);
  const { folder } = read;
  const config = withConfigFile(read, () => resolveSettings(written, { env, folder }));
  return { ...read, written, config, warnings: [] };
}
