/** A service of Azure, as people name it or address it, and the scope of its tokens. */
interface Resource {
  /** What people type in place of a scope. */
  readonly names: readonly string[];
  /** Ends of the names of its hosts, which are addresses and no scopes. */
  readonly hosts?: readonly string[];
  readonly scope: string;
}

/**
 * The audiences of Azure's services. Source: the pages "authenticate with Microsoft Entra ID" of
 * each service on learn.microsoft.com, and the constants of the Azure SDKs.
 */
const resources: readonly Resource[] = [
  { names: ["arm", "management", "azure"], scope: "https://management.azure.com/.default" },
  { names: ["graph", "msgraph"], scope: "https://graph.microsoft.com/.default" },
  {
    names: ["storage", "blob", "queue", "table", "files"],
    hosts: [
      ".blob.core.windows.net",
      ".queue.core.windows.net",
      ".table.core.windows.net",
      ".file.core.windows.net",
      ".dfs.core.windows.net",
    ],
    scope: "https://storage.azure.com/.default",
  },
  { names: ["vault", "keyvault", "key-vault"], hosts: [".vault.azure.net"], scope: "https://vault.azure.net/.default" },
  { names: ["managedhsm", "hsm"], hosts: [".managedhsm.azure.net"], scope: "https://managedhsm.azure.net/.default" },
  { names: ["sql"], hosts: [".database.windows.net"], scope: "https://database.windows.net/.default" },
  {
    names: ["postgres", "postgresql", "mysql"],
    hosts: [".postgres.database.azure.com", ".mysql.database.azure.com"],
    scope: "https://ossrdbms-aad.database.windows.net/.default",
  },
  { names: ["redis"], hosts: [".redis.cache.windows.net"], scope: "https://redis.azure.com/.default" },
  { names: ["acr", "registry"], hosts: [".azurecr.io"], scope: "https://containerregistry.azure.net/.default" },
  { names: ["aks", "kubernetes"], hosts: [".azmk8s.io"], scope: "6dae42f8-4368-4678-94ff-3960e28e3630/.default" },
  {
    names: ["devops", "azure-devops"],
    hosts: [".visualstudio.com", "dev.azure.com"],
    scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
  },
  {
    names: ["openai", "cognitive", "cognitiveservices"],
    hosts: [".openai.azure.com", ".cognitiveservices.azure.com"],
    scope: "https://cognitiveservices.azure.com/.default",
  },
  { names: ["ai", "foundry"], hosts: [".services.ai.azure.com"], scope: "https://ai.azure.com/.default" },
  { names: ["search"], hosts: [".search.windows.net"], scope: "https://search.azure.com/.default" },
  {
    names: ["servicebus", "eventhubs"],
    hosts: [".servicebus.windows.net"],
    scope: "https://servicebus.azure.net/.default",
  },
];

/** Names of services, for suggestions. */
export const resourceNames: readonly string[] = resources.flatMap(({ names }) => names);

/** The scope of the service with this name. */
export const scopeOfName = (name: string): string | undefined =>
  resources.find(({ names }) => names.includes(name.toLowerCase()))?.scope;

/** The scope of the service that has this host. */
export const scopeOfHost = (host: string): string | undefined =>
  resources.find(({ hosts = [] }) => hosts.some((end) => host.toLowerCase().endsWith(end)))?.scope;
