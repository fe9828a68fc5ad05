/** What reads files to find config and plugins. Loaded only where there may be some. */
export { findConfig } from "../config/config-file.ts";
export { createImportModule } from "../config/import-module.ts";
export { checkPlugin as checkPluginFile } from "../config/trust.ts";
export { loadInstalledPlugins, loadPlugins } from "../plugins/load.ts";
