import type { IdentityConfig } from "@azidentity/core";
import { pipelineHttp } from "../http/pipeline-http.ts";
import { coreLogger } from "../logging/core-logger.ts";
import { pluginCaches, registered } from "../plugins/registered.ts";
import { requireFileStore } from "../plugins/stores.ts";
import type { ProxySettings } from "../types/http.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
  TokenCredentialOptions,
} from "../types/options.ts";
import { checkAuthorityHost } from "./check-arguments.ts";

/** Options that are settings of an identity in core. */
export type SharedOptions = TokenCredentialOptions &
  MultiTenantTokenCredentialOptions &
  AuthorityValidationOptions &
  CredentialPersistenceOptions;

/** The settings of a credential's identity. */
export interface ClientSettings {
  readonly config: IdentityConfig;
  readonly overrides: object;
  /** False where the caller brings parts of its own, which are equal to no others. */
  readonly shares: boolean;
}

function proxyUrl({ host, port, username, password }: ProxySettings): string {
  if (!host) throw new Error("The proxyOptions have no host. Write it as http://proxy.example.com.");
  const url = new URL(host.includes("://") ? host : `http://${host}`);
  url.port = String(port);
  url.username = username ?? "";
  url.password = password ?? "";
  return url.href;
}

/** A copy without what is `undefined` or `null`, which both mean that an option is not given. */
export function definedOf<T extends object>(object: T): T {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as T;
}
const orNothing = <T extends object>(object: T): T | undefined =>
  Object.keys(object).length === 0 ? undefined : object;

/** A number that core takes; anything else counts as not given. */
function amountOf(value: unknown, round = (amount: number) => amount): number | undefined {
  if (typeof value !== "number" || Number.isNaN(value)) return undefined;
  return round(Math.min(Math.max(value, 0), 2_147_483_647)); // the maximum of a timer
}

/**
 * The words of a text as products of the header `User-Agent` (RFC 9110), without other characters.
 */
function productsOf(text: string | undefined): string | undefined {
  const words = (text ?? "").split(/\s+/).map((word) => word.replace(/[^\w.~+/-]/g, "").replace(/^\/+|\/+$/g, ""));
  return words.filter(Boolean).join(" ").slice(0, 256).trim() || undefined;
}

function httpSettings({ retryOptions, proxyOptions, userAgentOptions }: SharedOptions) {
  const retry = definedOf({
    maxRetries: amountOf(retryOptions?.maxRetries, Math.ceil),
    delayMs: amountOf(retryOptions?.retryDelayInMs),
    maxDelayMs: amountOf(retryOptions?.maxRetryDelayInMs),
  });
  return orNothing(
    definedOf({
      retry: orNothing(retry),
      proxy: proxyOptions ? proxyUrl(proxyOptions) : undefined,
      userAgent: productsOf(userAgentOptions?.userAgentPrefix),
    }),
  );
}

/** The tenants of a list, or the one of a text. Members without a value are not given. */
function tenantsOf(given: unknown): unknown[] | undefined {
  if (!given) return undefined;
  const tenants = typeof given === "string" ? [given] : given;
  if (Array.isArray(tenants)) return tenants.filter((tenant) => tenant !== undefined && tenant !== null);
  throw new TypeError(
    'The option additionallyAllowedTenants is not a list. Write it as ["contoso.com"], or ["*"] for any tenant.',
  );
}

function cacheSettings({ tokenCachePersistenceOptions: given }: SharedOptions) {
  if (!given?.enabled) return undefined;
  if (registered.cache !== undefined) return { store: "msal-plugin", plugins: pluginCaches(registered.cache, given) };
  requireFileStore();
  const { name, unsafeAllowUnencryptedStorage } = given;
  return definedOf({ store: "file", name: name && safeName(name), unsafeAllowUnencryptedStorage });
}

/** A name that every file system takes, which a hash of it stands for where it is none. */
function safeName(name: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(name)) return name;
  const { createHash } = process.getBuiltinModule("node:crypto");
  return `name-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
}

/** Whether functions keep the cache, which are equal to no others. */
const hasPlugins = ({ cache }: { readonly cache?: object | undefined }) => cache !== undefined && "plugins" in cache;

/** Reads the options that all credentials have. They are never changed. */
export function readClientSettings(className: string, options: SharedOptions | undefined): ClientSettings {
  const given = options ?? {};
  checkAuthorityHost(given.authorityHost);
  const { loggingOptions, additionallyAllowedTenants } = given;
  const { allowLoggingAccountIdentifiers, enableUnsafeSupportLogging, logger } = loggingOptions ?? {};
  const log = orNothing(definedOf({ allowLoggingAccountIdentifiers, enableUnsafeSupportLogging }));
  const config = definedOf({
    authorityHost: given.authorityHost || undefined,
    disableInstanceDiscovery: given.disableInstanceDiscovery,
    additionallyAllowedTenants: tenantsOf(additionallyAllowedTenants),
    http: httpSettings(given),
    log,
    cache: cacheSettings(given),
  });
  const http = pipelineHttp(className, given);
  const lines = logger && coreLogger({ error: logger, warning: logger, info: logger, verbose: logger });
  return {
    config: config as IdentityConfig,
    overrides: definedOf({ http, logger: lines }),
    shares: given.shareTokens !== false && http === undefined && lines === undefined && !hasPlugins(config),
  };
}
