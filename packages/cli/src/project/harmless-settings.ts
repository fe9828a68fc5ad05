/**
 * Settings of a config that is data which hold without `azid trust`: they choose among official
 * plugins, sources, tenants and accounts. All others may run programs, or decide where tokens and
 * secrets are sent or written.
 */

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields of a config, with the members that hold; `undefined`: all of them, or they are looked at elsewhere. */
const fields: Readonly<Record<string, readonly string[] | undefined>> = {
  $schema: undefined,
  additionallyAllowedTenants: undefined,
  allowInlineSecrets: undefined,
  cache: ["store", "name", "maxEntries", "maxBytes", "timeoutMs"],
  chain: undefined,
  chains: undefined,
  expect: undefined,
  http: ["userAgent", "retry"],
  log: ["level", "allowLoggingAccountIdentifiers"],
  mode: undefined,
  plugins: undefined,
  policy: undefined,
  profile: undefined,
  profiles: undefined,
  sources: undefined,
  tenantId: undefined,
};

/** Options of sources. Secrets in them go to Entra alone, whose authority no harmless setting changes. */
const options: readonly string[] = [
  ...["priority", "enabled", "deadlineMs", "cache", "processTimeoutInMs"],
  ...["tenantId", "clientId", "objectId", "resourceId", "subscription", "additionallyAllowedTenants", "audience"],
  ...["clientSecret", "certificate", "certificatePath", "certificatePassword", "sendCertificateChain"],
  ...["serviceConnectionId", "systemAccessToken", "tokenFilePath", "enableAzureProxy", "assertion", "source"],
  ...["authenticationRecord", "disableAutomaticAuthentication", "loginHint", "domainHint", "username", "password"],
  ...["prompt", "redirectUri", "responseMode", "fallback", "authorizationCode", "codeVerifier", "nonce"],
  ...["useDefaultBrokerAccount", "legacyEnableMsaPassthrough", "service", "agentIdentity", "agentUsername"],
  ...["agentUserId", "requestAppToken"],
];

/** Values that turn off what their setting would do. */
const isOff = (name: string, value: unknown) =>
  value === undefined ||
  (name === "cloud" && typeof value === "string") ||
  ((name === "proxy" || name === "disableInstanceDiscovery" || name === "enableUnsafeSupportLogging") &&
    value === false);

/** The settings of one layer of a config that need trust, e.g. `http.proxy`. */
export function fieldsToTrust(layer: Members): readonly string[] {
  return Object.entries(layer).flatMap(([name, value]) => {
    if (isOff(name, value)) return [];
    const members = fields[name];
    if (members === undefined || !isObject(value)) return Object.hasOwn(fields, name) ? [] : [name];
    return Object.entries(value)
      .filter(([member, each]) => !members.includes(member) && !isOff(member, each))
      .map(([member]) => `${name}.${member}`);
  });
}

/** The options of a source that need trust, e.g. `configDirectory`. */
export const optionsToTrust = (given: Members): readonly string[] =>
  Object.entries(given)
    .filter(([name, value]) => !options.includes(name) && !isOff(name, value))
    .map(([name]) => name);
