/**
 * Credential sources that run the tools on a developer's machine. A plugin for `@azidentity/core`.
 */
import { definePlugin, subprocesses } from "@azidentity/core/plugin";
import { azureCli } from "./sources/azure-cli.ts";
import { azureDeveloperCli } from "./sources/azure-developer-cli.ts";
import { azurePowerShell } from "./sources/azure-powershell.ts";

/** Put it into `plugins` of a config, or name the package there. */
export const devTools = definePlugin({
  name: "@azidentity/plugin-dev-tools",
  sources: [azureCli, azurePowerShell, azureDeveloperCli],
  services: [subprocesses],
});
export default devTools;
