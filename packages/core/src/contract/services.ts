import { type ServiceToken, type SourceContext, serviceToken } from "./context.ts";
import type { AuthenticationRecord, Credential, CredentialSource, OptionsSchema } from "./source.ts";
import type { Clock, Commands, Http, Logger } from "./system-services.ts";
import type { IssuedToken, TokenRequest } from "./token.ts";

/**
 * A service of a plugin. It has a name, so that a config can choose it and set its options:
 * `cache: { store: "redis" }`.
 */
export interface ServiceProvider<T = unknown, Options = unknown> {
  /** Which service it is, e.g. `services.tokenStore`. */
  readonly token: ServiceToken<T>;
  /** kebab-case, e.g. `redis`. */
  readonly name: string;
  /** Checks the options. Absent: the service has no options. */
  readonly options?: OptionsSchema<Options>;
  /**
   * Used only where nothing else provides the service; of several, the first. Default false: two
   * providers of one service are an error, except for stores, which the config chooses.
   */
  readonly isFallback?: boolean;
  /**
   * Makes the service, on first use and once per identity.
   *
   * @throws {Error} any error. A token store that cannot be opened is reported, and tokens live in
   * memory alone; `context.service` rejects for any other service.
   */
  create(options: Options, context: SourceContext): T | Promise<T>;
}

/**
 * Options of sources and services differ; the registry holds them all. The one place where variance
 * asks for `any`.
 */
// biome-ignore lint/suspicious/noExplicitAny: a source of any options
export type AnySource = CredentialSource<string, any>;
/** A service of any type, with any options. */
// biome-ignore lint/suspicious/noExplicitAny: a provider of any service
export type AnyProvider = ServiceProvider<any, any>;

/**
 * A value holding sources and services. Importing it changes nothing; passing it to
 * `createIdentity`, or naming it in the config, does.
 */
export interface IdentityPlugin {
  /** The npm name; what errors call it. */
  readonly name: string;
  /** Version of this contract it was written for. */
  readonly contract: 1;
  /** The credential sources of the plugin. Default: none. */
  readonly sources?: readonly AnySource[];
  /** The services of the plugin, such as a token store. Default: none. */
  readonly services?: readonly AnyProvider[];
}

/** Lets a source use the tokens of another source that it names. */
export interface SourceLookup {
  /**
   * In mode `production` there are deployed sources, and interactive ones that never prompt.
   *
   * @param options take precedence over those that the config has for that source
   * @throws {ConfigurationError} `unknown-source`, `source-cycle`
   */
  credential(
    name: string,
    options?: unknown,
    settings?: LookupSettings,
  ): { getToken(request: TokenRequest): Promise<IssuedToken> };
}

/** How a source uses the tokens of another one. */
export interface LookupSettings {
  /**
   * `false` for a source that returns the token as its own, which is then cached as that source's
   * and not a second time. Default: true.
   */
  readonly cached?: boolean;
}

/** The account broker of the operating system, for other sources in which users sign in. */
export interface NativeBroker {
  /**
   * Whether this machine may have one, judging by its platform, environment and installed files
   * alone.
   */
  readonly available: boolean;
  /** The reason for `available`, in a sentence. */
  readonly reason: string;
  /** What to do where it is not available, as a sentence or a command. */
  readonly remedy?: string | undefined;
  /**
   * Acquires tokens of one account.
   *
   * @throws {AuthenticationError} `invalid-authentication-record`, `foreign-authentication-record`,
   * `invalid-window-handle`: the options are not valid
   */
  credential(options: NativeBrokerOptions): BrokerCredential;
  /**
   * An `INativeBrokerPlugin` of `@azure/msal-node`, a type that core does not have. Its calls end
   * with the signal, and reject with errors of azidentity.
   */
  plugin(signal: AbortSignal): unknown;
}

/** The account to sign in, and the application. Names as in the Azure SDKs. */
export interface NativeBrokerOptions {
  /** Starts the messages of errors: the name of the source. */
  readonly label: string;
  /** How to sign in again, as a sentence: the remedy of errors. */
  readonly signInRemedy: string;
  /** Application (client) id that signs in. */
  readonly clientId: string;
  /** A tenant, or one of `common`, `organizations`, `consumers`. */
  readonly tenantId: string;
  /** Default: the broker's own. */
  readonly redirectUri?: string | undefined;
  /** Account name to sign in. Default: none. */
  readonly loginHint?: string | undefined;
  /** The account of an earlier sign-in. Default: none. */
  readonly authenticationRecord?: AuthenticationRecord | undefined;
  /**
   * Whether the operating system's default account is used if no account is named. Default true.
   */
  readonly useDefaultBrokerAccount?: boolean | undefined;
  /** Bytes of the handle of the window above which a dialog is shown. */
  readonly parentWindowHandle?: Uint8Array | undefined;
  /** Whether personal accounts may sign in. Default false. */
  readonly legacyEnableMsaPassthrough?: boolean | undefined;
}

/** Never prompts, except in `authenticate` and `signIn`. */
export interface BrokerCredential extends Credential {
  /**
   * Shows the broker's dialog, and returns the account that signed in.
   *
   * @throws {IdentityError} `sign-in-declined`, `broker-failed`, `another-account`,
   *   `another-tenant`
   */
  authenticate(request: TokenRequest): Promise<AuthenticationRecord>;
  /**
   * Shows the broker's dialog, and returns the token.
   *
   * @throws {IdentityError} `sign-in-declined`, `broker-failed`, `another-account`,
   *   `another-tenant`
   */
  signIn(request: TokenRequest): Promise<IssuedToken>;
}

/** Runs programs. A name of its own, because bundlers keep what reads a member. */
export const commands: ServiceToken<Commands> = serviceToken("commands");

/** The tokens of the services that core knows. */
export const services = {
  http: serviceToken<Http>("http"),
  commands,
  clock: serviceToken<Clock>("clock"),
  logger: serviceToken<Logger>("logger"),
  tokenStore: serviceToken<TokenStore>("token-store"),
  sourceLookup: serviceToken<SourceLookup>("source-lookup"),
  nativeBroker: serviceToken<NativeBroker>("native-broker"),
} as const;

/**
 * The member of a store's provider that has what core does with the store; `defineTokenStore` sets
 * it.
 */
export const storeSteps: unique symbol = Symbol.for("@azidentity/store-steps@1") as never;

/** What core calls of each service, by the name of its token in `services`. */
const methods: Readonly<Record<string, readonly string[]>> = {
  http: ["send"],
  commands: ["find", "run"],
  clock: ["now", "monotonic", "sleep"],
  logger: ["error", "warn", "info", "debug"],
  tokenStore: ["get", "set", "delete", "update"],
};

/**
 * The first method that a value lacks to be that service; `undefined`: none, or core does not call
 * it itself.
 */
export function missingMethod(name: string, service: unknown): string | undefined {
  return methods[name]?.find((method) => typeof Object(service)[method] !== "function");
}

/** Where a store keeps its entries, and their key, for people. Contains no secret. */
export interface StorePlace {
  /** A folder, or a URL without user and password. */
  readonly entries: string;
  /** What has the key that seals them. */
  readonly key: string;
}

/**
 * Where tokens outlive the process: access tokens, and the partitions in which MSAL keeps users'
 * accounts and refresh tokens. Values may be secret: stores seal them. A store that fails must
 * reject; core turns that into an event, never into a failed sign-in.
 */
export interface TokenStore {
  /**
   * `user`: only programs of one user on one machine can access its entries, such as files in the
   * user's folder. Absent: users or machines may share it, so nothing goes in that only means
   * something on this machine: no tokens of sources with an `accountState`, and no sign-in is taken
   * over from it unless an `authenticationRecord` names it.
   */
  readonly scope?: "user";
  /**
   * The value under the key; `undefined`: none, or it has expired.
   *
   * @throws {Error} any error; core reports it and goes on without the store
   */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Sets a value. `expiresOnTimestamp`: milliseconds since 1970-01-01 UTC, after which the entry
   * may be dropped.
   *
   * @throws {Error} as `get`
   */
  set(key: string, value: Uint8Array, expiresOnTimestamp?: number): Promise<void>;
  /**
   * Removes the value; does nothing if there is none.
   *
   * @throws {Error} as `get`
   */
  delete(key: string): Promise<void>;
  /**
   * Read, change, write: atomic against other processes. `change` returns `undefined` to delete.
   *
   * @throws {Error} as `get`, or what `change` threw; nothing is written then
   */
  update(key: string, change: (current: Uint8Array | undefined) => Promise<Uint8Array | undefined>): Promise<void>;
  /**
   * The keys of all entries, each once, for programs that show or clear what is stored. Entries
   * that have expired are omitted, as `get` does not return them either. `expiresOnTimestamp` as in
   * `set`; absent: the entry does not expire.
   *
   * @throws {Error} as `get`, while it is iterated
   */
  list?(): AsyncIterable<{ readonly key: string; readonly expiresOnTimestamp?: number }>;
  /**
   * Where the entries and their key are, for programs that show it.
   *
   * @throws {Error} as `get`
   */
  place?(): Promise<StorePlace>;
  /**
   * At most one process acquires what others are about to need: holds the key for `ms`
   * milliseconds, or until it is disposed. `undefined`: another process holds it.
   *
   * @throws {Error} as `get`
   */
  lease?(key: string, ms: number): Promise<AsyncDisposable | undefined>;
  /**
   * Notifies of deletions by other processes, until the store is closed. A
   * deletion may be missed.
   */
  onDeleted?(listener: (key: string) => void): void;
  [Symbol.asyncDispose]?(): PromiseLike<void>;
}
