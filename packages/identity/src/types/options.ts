/** Options that several credentials share. */
import type {
  AdditionalPolicyConfig,
  Agent,
  HttpClient,
  PipelineRetryOptions,
  ProxySettings,
  TlsSettings,
} from "./http.ts";
import type { Debugger } from "./logger.ts";

/** How HTTP requests are sent. */
export interface CommonClientOptions {
  /** Sends the requests in place of the default client. Such a credential shares no tokens. */
  httpClient?: HttpClient;
  /** No effect: `http:` is used where the host of a managed identity needs it, and nowhere else. */
  allowInsecureConnection?: boolean;
  /** Policies around each request. Such a credential shares no tokens. */
  additionalPolicies?: AdditionalPolicyConfig[];
  /** How often a failed request is repeated. */
  retryOptions?: PipelineRetryOptions;
  /** The proxy. Default: HTTPS_PROXY and the other variables. */
  proxyOptions?: ProxySettings;
  /** Refused: use `httpClient`, or `proxyOptions` and `tlsOptions`. */
  agent?: Agent;
  /** Certificate authorities to trust besides Node's own (`ca`); other fields are refused. */
  tlsOptions?: TlsSettings;
  /** Without effect: token endpoints that redirect are not trusted. */
  redirectOptions?: {
    /** Redirects that are followed. */
    maxRetries?: number;
    /** Whether to follow one to another host. */
    allowCrossOriginRedirects?: boolean;
  };
  /** What is added to the header `User-Agent`. */
  userAgentOptions?: {
    /** The product that comes first. */
    userAgentPrefix?: string;
  };
  /** Names of headers. */
  telemetryOptions?: {
    /** Without effect: Entra reads the id of a request from `client-request-id` alone. */
    clientRequestIdHeaderName?: string;
  };
}

/** What is logged. */
export interface LoggingOptions {
  /** Headers that may be logged besides those that are known to hold no secret. */
  additionalAllowedHeaderNames?: string[];
  /** Parameters of URLs that may be logged besides those that are known to hold no secret. */
  additionalAllowedQueryParameters?: string[];
  /** Writes the lines. Default: `logger.info`. */
  logger?: Debugger;
  /** Whether account names, which are personal data, may be logged. Default `false`. */
  allowLoggingAccountIdentifiers?: boolean;
  /** Whether tokens and secrets may be logged, for support. Default `false`. */
  enableUnsafeSupportLogging?: boolean;
}

/** Options of every credential. */
export interface TokenCredentialOptions extends CommonClientOptions {
  /**
   * Where to sign in, e.g. one of `AzureAuthorityHosts`. Default: AZURE_AUTHORITY_HOST, else the
   * config, else the public cloud.
   */
  authorityHost?: string;
  /** What is logged. */
  loggingOptions?: LoggingOptions;
  /**
   * Whether credentials of one class with the same settings and secret share their tokens. Not in
   * `@azure/identity`. Default `true`; never for those in which a person signs in.
   */
  shareTokens?: boolean;
}

/** Options of credentials that can sign in to several tenants. */
export interface MultiTenantTokenCredentialOptions extends TokenCredentialOptions {
  /** Tenants besides the configured one that a request may name; `*` allows all. Default: none. */
  additionallyAllowedTenants?: string[];
}

/** How authority hosts are checked. */
export interface AuthorityValidationOptions {
  /** Whether to trust `authorityHost` without asking Entra about it. Default `false`. */
  disableInstanceDiscovery?: boolean;
}

/** Where tokens are kept beyond the process. */
export interface CredentialPersistenceOptions {
  /**
   * Default: tokens live in memory. Needs the package `@azidentity/plugin-cache-persist`, or a
   * plugin with a cache (`useIdentityPlugin`); without both, constructors throw.
   */
  tokenCachePersistenceOptions?: TokenCachePersistenceOptions;
}

/**
 * A cache on disk. A token in it belongs to the application or user, whichever secret, certificate
 * or client assertion was used to request it: a credential with another one, also a wrong one, gets
 * it from the cache until it expires. Give credentials that must not share tokens different names.
 */
export interface TokenCachePersistenceOptions {
  /** Whether tokens are kept on disk. */
  enabled: boolean;
  /** Caches of different names share nothing. Default `msal.cache`. */
  name?: string;
  /** Whether to write tokens unencrypted where the system has no keyring. Default `false`. */
  unsafeAllowUnencryptedStorage?: boolean;
}

/**
 * Names an account in which a user signed in; holds no secret. Serialize it with
 * `serializeAuthenticationRecord`.
 */
export interface AuthenticationRecord {
  /** Host of the authority, e.g. `login.microsoftonline.com`. */
  authority: string;
  /** Id of the account in its home tenant: `<object id>.<tenant id>`. */
  homeAccountId: string;
  /** Application (client) id for which the user signed in. */
  clientId: string;
  /** Tenant in which the user signed in. */
  tenantId: string;
  /** Account name, usually an address. Personal data. */
  username: string;
}

/** Options of credentials that prompt a user. */
export interface InteractiveCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {
  /** The account of an earlier sign-in, whose tokens are used without a prompt. */
  authenticationRecord?: AuthenticationRecord;
  /**
   * Whether `getToken` fails with an AuthenticationRequiredError instead of a prompt. Default
   * `false`.
   */
  disableAutomaticAuthentication?: boolean;
}

/** Options for the account broker of the operating system. */
export interface BrokerAuthOptions {
  /** Default: no broker. */
  brokerOptions?: BrokerOptions;
}

/** Whether and how to sign in with the account broker of the operating system. */
export type BrokerOptions = BrokerEnabledOptions | BrokerDisabledOptions;

/** Signs in with the broker. */
export interface BrokerEnabledOptions {
  /** Whether the broker is used. */
  enabled: true;
  /** Whether personal accounts may sign in. Default `false`. */
  legacyEnableMsaPassthrough?: boolean;
  /** Bytes of the handle of the window that owns its dialog. */
  parentWindowHandle: Uint8Array;
  /** Whether to use the system's account without a prompt. Default `false`. */
  useDefaultBrokerAccount?: boolean;
}

/** Signs in without the broker. */
export interface BrokerDisabledOptions {
  /** Whether the broker is used. */
  enabled: false;
  /** Absent. */
  legacyEnableMsaPassthrough?: undefined;
  /** Absent. */
  parentWindowHandle: undefined;
}

/** Texts on the page that ends a sign-in in a browser. */
export interface BrowserCustomizationOptions {
  /** Default: plain texts. */
  browserCustomizationOptions?: {
    /** Shown after a failure. */
    errorMessage?: string;
    /** Shown after a sign-in. */
    successMessage?: string;
  };
}

/** How a browser sign-in is shown; without effect in Node.js. */
export type BrowserLoginStyle = "redirect" | "popup";
