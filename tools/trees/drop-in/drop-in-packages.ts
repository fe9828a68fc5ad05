const plugins = ["broker", "dev-tools", "entra", "managed-identity", "users"];

/** The drop-in and the packages that it depends on, by their names without the scope. */
export const dropInPackages: readonly string[] = ["core", "identity", ...plugins.map((name) => `plugin-${name}`)];
