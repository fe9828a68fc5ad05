/** What a project may use, by the short name of its plugin. */
export const pluginChoices = {
  "managed-identity": "managed identity on Azure, workload identity on AKS",
  "dev-tools": "developers: Azure CLI, Azure PowerShell, Azure Developer CLI",
  entra: "applications: secret, certificate, federation, GitHub Actions, Azure Pipelines",
  users: "users: browser, device code",
  broker: "users: the account broker of the operating system, Visual Studio Code",
  "cache-persist": "tokens that outlive the process: encrypted files, Redis",
} as const;

/** Short name of an official plugin. */
export type PluginChoice = keyof typeof pluginChoices;

export const stores = ["none", "file", "redis"] as const;
export const formats = ["mts", "json"] as const;
export const clouds = ["public", "government", "china"] as const;

/** What a new config says. */
export interface ProjectChoices {
  readonly format: (typeof formats)[number];
  /** In the order of the config. */
  readonly plugins: readonly PluginChoice[];
  /** Tenant id or domain. Default: none. */
  readonly tenantId?: string | undefined;
  readonly cloud: (typeof clouds)[number];
  readonly store: (typeof stores)[number];
}

/** What most projects start with: the identity of Azure there, that of a developer here. */
export const usualPlugins: readonly PluginChoice[] = ["managed-identity", "dev-tools"];

/** npm name of a plugin. */
export const packageOf = (plugin: PluginChoice): string => `@azidentity/plugin-${plugin}`;

/** The choices with the plugin of the store, which has to be there for it. */
export function withStorePlugin(choices: ProjectChoices): ProjectChoices {
  const isThere = choices.store === "none" || choices.plugins.includes("cache-persist");
  return isThere ? choices : { ...choices, plugins: [...choices.plugins, "cache-persist"] };
}

/** The packages that a config needs. */
export function packagesFor({ plugins, store }: ProjectChoices): readonly string[] {
  return ["@azidentity/core", ...plugins.map(packageOf), ...(store === "redis" ? ["redis"] : [])];
}
