/**
 * The sources of the official plugins, by what follows `@azidentity/plugin-` in the name of their
 * package, in the order in which those that are installed are loaded.
 */
const sourcesByPlugin: Readonly<Record<string, readonly string[]>> = {
  entra: [
    ...["environment", "client-secret", "client-certificate", "client-assertion", "federated"],
    ...["azure-pipelines", "github-actions", "on-behalf-of"],
  ],
  users: ["authorization-code", "device-code", "interactive-browser", "username-password"],
  "managed-identity": ["workload-identity", "managed-identity"],
  "dev-tools": ["azure-cli", "azure-powershell", "azure-developer-cli"],
  broker: ["broker", "visual-studio-code"],
  external: ["exec", "relay", "azd-host", "sidecar"],
  "cache-persist": [],
};

const packageOf = (plugin: string) => `@azidentity/plugin-${plugin}`;

/**
 * The packages of the official plugins. They are loaded, if installed, when a config names no
 * plugins; a fixed list, never a scan of node_modules.
 */
export const officialPlugins = (): readonly string[] => Object.keys(sourcesByPlugin).map(packageOf);

/** The names of the sources of official plugins. */
export const officialSources = (): readonly string[] => Object.values(sourcesByPlugin).flat();

/** The package of the official plugin that has a source; `undefined`: none has. */
export function officialPluginOf(source: string): string | undefined {
  const plugin = Object.keys(sourcesByPlugin).find((one) => sourcesByPlugin[one]?.includes(source));
  return plugin && packageOf(plugin);
}
