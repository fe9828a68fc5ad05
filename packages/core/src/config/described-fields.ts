import type { Field, Fields } from "../options/fields.ts";
import { configFields } from "./schema.ts";

/**
 * What editors and the docs say of each field, by its path (`*`: any name). Apart from the fields,
 * so that programs do not load it.
 */
export const descriptions: Readonly<Record<string, string>> = {
  plugins: "npm names or relative paths of plugins. Default: the official plugins that are installed.",
  chain: "Sources in the order in which they are tried. Default: the registered sources by kind and priority.",
  chains: "Other chains, by name.",
  sources: "Settings of single sources, in every chain.",
  "sources.*.priority":
    "Position in the default chain among the sources of its kind, lower first. Default: the source's own.",
  "sources.*.enabled": "Whether it is in the default chain. Default: whether it has a priority.",
  "sources.*.deadlineMs": "Deadline of one acquisition, milliseconds. Default: the source's own.",
  "sources.*.cache": "false: every call requests a new token; none is kept in memory or stored. Default true.",
  mode: "production: developer and interactive sources are not loaded. Default auto.",
  tenantId:
    "Directory (tenant) id or domain, for sources that have none of their own. null: none, and AZURE_TENANT_ID is not used instead.",
  cloud: "One by name, or { authorityHost, tokenExchangeAudience }. Default public.",
  authorityHost: "https:// host of the authority; takes precedence over cloud.",
  disableInstanceDiscovery: "Trust authorityHost without instance discovery at Entra. Default false.",
  additionallyAllowedTenants: "Tenants besides the configured one that a request may name; * allows all.",
  "http.caFile": "PEM file of certificate authorities to trust besides Node's own.",
  "http.proxy":
    "URL of the proxy, for every request that NO_PROXY does not except; false: none. Default: HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.",
  "http.userAgent": "Products in front of our own in the header User-Agent, like orders/1.2. Default: ours alone.",
  "http.retry": "Retries of requests that failed for a reason that may pass. Default: what is known of each host.",
  "http.retry.maxRetries": "Retries at most; 0: none. More than a host has by default repeat its last pause.",
  "http.retry.delayMs": "Milliseconds before the first retry; doubled for each further one.",
  "http.retry.maxDelayMs": "Milliseconds of the longest pause; a longer Retry-After of a server is waited for.",
  "log.level": "What is written to the log. Default AZURE_LOG_LEVEL, else `warn`.",
  "log.allowLoggingAccountIdentifiers": "Write account names. Default false.",
  "log.enableUnsafeSupportLogging": "Write tokens and secrets too. Default false; refused in production.",
  policy: "What a chain does after an outcome, by source name or kind.",
  expect: "The principal that every token has to be issued to.",
  "expect.tenantId": "Id of its tenant.",
  "expect.objectId": "Its object id.",
  "expect.clientId": "Its application (client) id.",
  "cache.store": "Name of the store that keeps tokens beyond the process; false: none. Default false.",
  "cache.maxEntries": "Limit of tokens in memory. Default 100 000.",
  "cache.maxBytes": "Limit of bytes of tokens in memory. Default 67 108 864.",
  allowInlineSecrets: "Allow secrets in a config file. Default false.",
  $schema: "URL or path of a JSON Schema, for editors.",
  profile: "The profile to use. Default AZIDENTITY_PROFILE.",
  profiles: "Named sets of settings that take precedence over the others when chosen.",
};

function describeAll(fields: Fields, prefix: string): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, describe(field, `${prefix}${key}`)]));
}

/** The field with the descriptions of itself and of its parts. */
function describe(field: Field, path: string): Field {
  const description = descriptions[path];
  const described = description === undefined ? field : { ...field, description };
  if (described.type === "object") return { ...described, fields: describeAll(described.fields, `${path}.`) };
  if (described.type === "record") return { ...described, values: describe(described.values, `${path}.*`) };
  return described;
}

/** The settings that every source has besides its own options. */
export const describedSource = (): Field => describe(configFields.sources.values, "sources.*");

/** The fields of a config, with their descriptions. */
export function describedFields(): Fields {
  const { profiles, ...settings } = configFields;
  const described = describeAll(settings, "");
  const { profile: _, ...ofProfile } = described;
  const values = { ...profiles.values, fields: ofProfile };
  return { ...described, profiles: { ...profiles, values, description: descriptions.profiles } };
}
