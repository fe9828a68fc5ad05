/**
 * Requests and tokens. Assignable to and from those of `@azure/core-auth`, which need not be
 * installed; a type test checks it.
 */

/** The part of `AbortSignal` that is used. */
export interface AbortSignalLike {
  /** Whether it has been aborted. */
  readonly aborted: boolean;
  /** Calls `listener` when it is aborted. */
  addEventListener(
    type: "abort",
    // biome-ignore lint/suspicious/noExplicitAny: as `AbortSignal` declares it
    listener: (this: AbortSignalLike, event: any) => any,
    // biome-ignore lint/suspicious/noExplicitAny: as `AbortSignal` declares it
    options?: any,
  ): void;
  /** Removes what `addEventListener` has added. */
  removeEventListener(
    type: "abort",
    // biome-ignore lint/suspicious/noExplicitAny: as `AbortSignal` declares it
    listener: (this: AbortSignalLike, event: any) => any,
    // biome-ignore lint/suspicious/noExplicitAny: as `AbortSignal` declares it
    options?: any,
  ): void;
}

/** Values that go with a request through all libraries that take part in a trace. Immutable. */
export interface TracingContext {
  /** A copy with another value. */
  setValue(key: symbol, value: unknown): TracingContext;
  /** The value of a key; `undefined`: none. */
  getValue(key: symbol): unknown;
  /** A copy without a value. */
  deleteValue(key: symbol): TracingContext;
}

/** Where the spans of a call belong. */
export interface OperationTracingOptions {
  /** The context in which the spans of this call are started. Default: the active one. */
  tracingContext?: TracingContext;
}

/** Methods of HTTP requests. */
export type HttpMethods = "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE";

/** The HTTP request that a proof-of-possession token is bound to. */
export interface ProofOfPossessionOptions {
  /** The server's nonce, from its `WWW-Authenticate` header. */
  nonce: string;
  /** Method of the request. */
  resourceRequestMethod: HttpMethods;
  /** URL of the request. */
  resourceRequestUrl: string;
}

/** Options of one `getToken` call, as the Azure SDK clients send them. */
export interface GetTokenOptions {
  /** Ends this caller's wait. */
  abortSignal?: AbortSignalLike;
  /** Limits of this call. */
  requestOptions?: {
    /** Milliseconds after which this caller gives up. Default: the limit of the source. */
    timeout?: number;
  };
  /** Where the spans of this call belong. */
  tracingOptions?: OperationTracingOptions;
  /** JSON text of a claims challenge; such a call gets a new token. */
  claims?: string;
  /** Whether the token may be one that can be revoked early. Default `false`. */
  enableCae?: boolean;
  /** Tenant to sign in to instead of the configured one; it has to be allowed. */
  tenantId?: string;
  /** Binds the token to one HTTP request. Default: a bearer token. */
  proofOfPossessionOptions?: ProofOfPossessionOptions;
}

/**
 * A token with its expiry. A plain object of its caller's own, with the text of the token in it.
 */
export interface AccessToken {
  /** The text for the `Authorization` header. Secret. */
  token: string;
  /** Milliseconds since 1970-01-01 UTC. */
  expiresOnTimestamp: number;
  /** When to ask for a new one: milliseconds since 1970-01-01 UTC. */
  refreshAfterTimestamp?: number;
  /** The scheme of the `Authorization` header. Default `Bearer`. */
  tokenType?: "Bearer" | "pop";
}

/** What `getTokenInfo` returns, in the words of the other Azure Identity libraries. */
export interface AccessTokenInfo {
  /** The text for the `Authorization` header. Secret. */
  token: string;
  /** The scheme of that header. */
  tokenType: "Bearer" | "pop";
  /** When it expires: milliseconds since 1970-01-01 UTC. */
  expiresOn: number;
  /** When to ask for a new one: milliseconds since 1970-01-01 UTC. `undefined`: not known. */
  refreshOn: number | undefined;
}

/** What every Azure SDK client accepts. */
export interface TokenCredential {
  /**
   * Returns a token for the scopes; `null`: it has none.
   *
   * @param scopes one scope, or several of one resource, e.g. `https://vault.azure.net/.default`
   * @throws {Error} why there is no token
   */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>;
}
