/**
 * Settings of a config that is data which hold without `azid trust`: they choose among official
 * plugins, sources, tenants and accounts. All others may run programs, or decide where tokens and
 * secrets are sent or written.
 */
import { refersElsewhere } from "@azidentity/core/project";

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Fields of a config, with the members that hold; `undefined`: all of them, or they are looked at
 * elsewhere.
 */
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

/**
 * Options of sources. Secrets of applications in them go to Entra alone, whose authority no
 * harmless setting changes.
 */
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

/**
 * What may be read from a variable or a file: secrets of applications, which Entra never shows; the
 * tenant, because a value that is no tenant has no sign-in log; and what is only compared, such
 * as the name of the source of an assertion, whose options are looked at elsewhere. All else would
 * be a way out for what a variable or a file holds: the sign-in log of a tenant has the
 * applications, user agents and account names of requests to it, a browser takes a login hint to
 * the site of a federated domain, and with pass-through authentication Entra gives the password of
 * a user to a program of the tenant.
 * Source: https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-pta-how-it-works
 */
const readable: readonly string[] = [
  ...["clientSecret", "certificate", "certificatePassword", "systemAccessToken"],
  ...["authorizationCode", "codeVerifier", "tenantId"],
  ...["additionallyAllowedTenants", "expect", "assertion"],
];

/** Settings of a layer that hold others, which are looked at one by one. */
const holders: readonly string[] = ["chain", "chains", "profiles", "sources"];

/** Whether a setting reads a variable or a file that it may not. */
const readsAnything = (name: string, value: unknown) => !readable.includes(name) && refersElsewhere(value);

/** Values that turn off what their setting would do. */
const isOff = (name: string, value: unknown) =>
  value === undefined ||
  (name === "cloud" && typeof value === "string") ||
  ((name === "proxy" || name === "disableInstanceDiscovery" || name === "enableUnsafeSupportLogging") &&
    value === false);

/** The settings of one layer of a config that need trust, e.g. `http.proxy`. */
export function fieldsToTrust(layer: Members): readonly string[] {
  return Object.entries(layer).flatMap(([name, value]) => {
    if (isOff(name, value) || holders.includes(name)) return [];
    const members = fields[name];
    if (members === undefined || !isObject(value))
      return Object.hasOwn(fields, name) && !readsAnything(name, value) ? [] : [name];
    return Object.entries(value)
      .filter(([member, each]) => (!members.includes(member) && !isOff(member, each)) || readsAnything(member, each))
      .map(([member]) => `${name}.${member}`);
  });
}

/** The options of a source that need trust, e.g. `configDirectory`. */
export const optionsToTrust = (given: Members): readonly string[] =>
  Object.entries(given)
    .filter(([name, value]) => (!options.includes(name) && !isOff(name, value)) || readsAnything(name, value))
    .map(([name]) => name);
