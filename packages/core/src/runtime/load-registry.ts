import type { ImportModule } from "../config/import-module.ts";
import type { ConfigLocation, LoadedConfig } from "../config/load-config.ts";
import type { PluginInput } from "../config/source-types.ts";
import type { IdentityPlugin } from "../contract/services.ts";
import { checkPlugin } from "../plugins/check.ts";
import { createRegistry, type Registry } from "../plugins/registry.ts";

/** Loads what reads config files and finds plugins by name. */
export type LoadFiles = () => Promise<typeof import("./files.ts")>;

export interface LoadedRegistry {
  readonly registry: Registry;
  /** Written to the log once it is created. */
  readonly warnings: Iterable<string>;
}

const areValues = (plugins: readonly PluginInput[] | undefined): plugins is readonly IdentityPlugin[] =>
  plugins?.every((plugin) => typeof plugin !== "string") === true;

/** Loads the plugins of a config, or the official ones that are installed. */
export async function loadRegistry(
  read: LoadedConfig,
  location: ConfigLocation,
  loadFiles: LoadFiles,
  importModule: ImportModule,
): Promise<LoadedRegistry> {
  const { plugins: given, mode } = read.config;
  const warnings = new Set(read.warnings);
  const load = async (): Promise<IdentityPlugin[]> => {
    if (areValues(given)) return given.map((plugin) => checkPlugin(plugin, "given in the config"));
    const { checkPluginFile, loadInstalledPlugins, loadPlugins } = await loadFiles();
    const check = (path: string, plugin: string) => {
      const warning = checkPluginFile(path, plugin, location.program, mode);
      if (warning !== undefined) warnings.add(warning);
    };
    return given === undefined
      ? loadInstalledPlugins(read.pluginFolder(), importModule, check)
      : loadPlugins(given, read.pluginFolder, importModule, check);
  };
  return { registry: createRegistry(await load(), mode), warnings };
}
