import type { Clock, Commands, Http, Logger } from "./system-services.ts";
import type { TokenRequest } from "./token.ts";

/**
 * Everything that a source gets. It never sees the container, `process.env`, a global clock or
 * `fetch`.
 */
export interface SourceContext {
  /**
   * The environment as it was at first use. Empty variables are absent, but for one that completes
   * others which have values, such as AZURE_CLIENT_SECRET: there `""` is a value that was not
   * injected, and a source that reads it fails (see `emptyVariables`).
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sends HTTP requests; no other way to the network is needed. */
  readonly http: Http;
  /** Finds and runs programs of this machine. */
  readonly commands: Commands;
  /** Wall clock, monotonic clock and timers. */
  readonly clock: Clock;
  /** Writes to the log of the identity; secrets are redacted. */
  readonly log: Logger;
  /** The authority to sign in at, as the config and the environment say. */
  readonly cloud: Cloud;
  /**
   * What the config says for all sources. `tenantId: null`: none, whatever the environment says.
   * See `homeTenantOf`.
   */
  readonly defaults: { readonly tenantId?: string | null; readonly additionallyAllowedTenants: readonly string[] };
  /**
   * The only retry loop: the source passes its table, core adds jitter, abortable sleeps and the
   * deadline. `attempt` gets the number of the try, from 1, and asks for another one by throwing an
   * error with a `statusCode` (and `retryAfterMs`) of the table.
   */
  readonly retry: <T>(
    table: RetryTable,
    attempt: (n: number) => Promise<T>,
    request: Pick<TokenRequest, "signal" | "background">,
  ) => Promise<T>;
  /**
   * An optional service of another plugin; `undefined` when no plugin provides it. The token store
   * that a source gets is guarded: an operation that takes 5 s rejects, and so does every operation
   * in the 30 s after that. Sources cannot close it.
   *
   * @throws {Error} what the `create` of the service threw
   */
  service<T>(token: ServiceToken<T>): Promise<T | undefined>;
}

/** What is known of the surroundings before anything is loaded. */
export type OptionsContext = Pick<SourceContext, "env" | "defaults">;

/** Where to sign in. */
export interface Cloud {
  /** `https://host` without a trailing slash. */
  readonly authorityHost: string;
  /** Whether an unknown authority host is to be confirmed by Entra's instance discovery. */
  readonly instanceDiscovery: boolean;
  /** Audience of tokens used as federated credentials, e.g. `api://AzureADTokenExchange`. */
  readonly tokenExchangeAudience: string;
}

/** Which failures are worth another try, and when. */
export interface RetryTable {
  /** HTTP statuses; 0 means no answer (refused, reset, unresolved). */
  readonly statuses: readonly number[];
  /**
   * Pause before the second try, the third, ...; as many tries as pauses plus one. Jitter only
   * lengthens.
   */
  readonly delaysMs: readonly number[];
  /** Keep trying at least that long, by status: `{ 410: 70_000 }`. */
  readonly minimumTotalMs?: Readonly<Record<number, number>>;
}

/**
 * Retries of requests. They never exceed the deadline of an acquisition, and are never earlier than
 * a server says with `Retry-After`. Default: what is known of each host.
 */
export interface RetrySettings {
  /** Retries at most; 0: none. More than a host has by default repeat its last pause. */
  readonly maxRetries?: number;
  /** Milliseconds before the first retry; doubled for each further one. */
  readonly delayMs?: number;
  /** Milliseconds of the longest pause. */
  readonly maxDelayMs?: number;
}

/**
 * Names a service and carries its type. `Symbol.for`, so that two copies of core in one process
 * mean the same service.
 */
export type ServiceToken<T> = symbol & {
  /** Carries the type of the service; has no value. */
  readonly __service?: T;
};

/**
 * Makes the token of a service: `serviceToken<Clock>("clock")`. The version counts breaking changes
 * of its interface.
 */
export function serviceToken<T>(name: string, version = 1): ServiceToken<T> {
  return Symbol.for(`@azidentity/${name}@${version}`);
}
