import type { Tenant } from "./directory.ts";

/** The audience of a token. */
export interface Resource {
  readonly audience: string;
  /** Version of the resource's access tokens. */
  readonly version: "1.0" | "2.0";
}

/** Microsoft's resources, which every tenant has. `*` matches the name of an account. */
const microsoftResources = [
  // Public cloud
  "https://ai.azure.com",
  "https://api.loganalytics.io",
  "https://attest.azure.net",
  "https://azconfig.io",
  "https://*.azconfig.io",
  "https://batch.core.windows.net",
  "https://cognitiveservices.azure.com",
  "https://communication.azure.com",
  "https://containerregistry.azure.net",
  "https://cosmos.azure.com",
  "https://*.documents.azure.com",
  "https://database.windows.net",
  "https://datalake.azure.net",
  "https://dev.azuresynapse.net",
  "https://digitaltwins.azure.net",
  "https://eventgrid.azure.net",
  "https://eventhubs.azure.net",
  "https://graph.microsoft.com",
  "https://graph.windows.net",
  "https://managedhsm.azure.net",
  "https://management.azure.com",
  "https://management.core.windows.net",
  "https://monitor.azure.com",
  "https://ossrdbms-aad.database.windows.net",
  "https://redis.azure.com",
  "https://search.azure.com",
  "https://servicebus.azure.net",
  "https://*.servicebus.windows.net",
  "https://storage.azure.com",
  "https://*.blob.core.windows.net",
  "https://*.dfs.core.windows.net",
  "https://*.file.core.windows.net",
  "https://*.queue.core.windows.net",
  "https://*.table.core.windows.net",
  "https://vault.azure.net",
  // US Government
  "https://graph.microsoft.us",
  "https://management.usgovcloudapi.net",
  "https://vault.usgovcloudapi.net",
  // China
  "https://management.chinacloudapi.cn",
  "https://microsoftgraph.chinacloudapi.cn",
  "https://vault.azure.cn",
].map(toPattern);

/** The resource whose tokens are assertions of federated credentials. Their `aud` is its GUID. */
export const tokenExchange = { uri: "api://azureadtokenexchange", audience: "fb60f99c-7a34-4190-8149-302f77469936" };

/**
 * The resource of a scope. Microsoft's resources, those of the tenant's `resources`, and
 * applications with `accessTokenVersion: 1` have v1.0 tokens, whose audience is the URI exactly as
 * requested. Other applications have v2.0 tokens, whose audience is the client id.
 */
export function findResource(tenant: Tenant, uri: string): Resource | undefined {
  const name = normalise(uri);
  const api = tenant.applications.find(({ clientId, identifierUris }) =>
    [clientId, ...identifierUris].some((known) => normalise(known) === name),
  );
  if (api !== undefined) {
    return api.accessTokenVersion === 1
      ? { audience: uri, version: "1.0" }
      : { audience: api.clientId, version: "2.0" };
  }
  if (name === tokenExchange.uri) return { audience: tokenExchange.audience, version: "2.0" };

  const isKnown = microsoftResources.some((pattern) => pattern.test(name));
  if (isKnown || tenant.resources.some((known) => normalise(known) === name)) return { audience: uri, version: "1.0" };
  return undefined;
}

/** Entra ignores letter case and a trailing slash. */
export function normalise(uri: string): string {
  return uri.toLowerCase().replace(/\/$/, "");
}

function toPattern(uri: string): RegExp {
  return new RegExp(`^${uri.replaceAll(".", "\\.").replace("*", "[a-z0-9-]+")}$`);
}
