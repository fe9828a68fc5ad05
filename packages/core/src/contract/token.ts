/**
 * Requests and results of callers. The types match those of `@azure/core-auth`, which a type test
 * checks.
 */

/** The part of `AbortSignal` that the Azure SDKs pass around. */
export interface AbortSignalLike {
  /** Whether it has been aborted. */
  readonly aborted: boolean;
  /** Calls `listener` when it is aborted; not for a signal that was aborted before. */
  addEventListener(type: "abort", listener: () => void, options?: unknown): void;
  /** Removes what `addEventListener` has added. */
  removeEventListener(type: "abort", listener: () => void, options?: unknown): void;
}

/** Options of one `getToken` call, as the Azure SDK clients send them. */
export interface GetTokenOptions {
  /** Ends this caller's wait. The acquisition goes on while other callers wait for it. */
  readonly abortSignal?: AbortSignalLike;
  /** `timeout`: milliseconds after which this caller gives up. */
  readonly requestOptions?: { readonly timeout?: number };
  /**
   * The trace that the call belongs to. Passed on to `ServiceOverrides.instrumentation`, and to
   * credentials of other libraries.
   */
  readonly tracingOptions?: { readonly tracingContext?: unknown };
  /** JSON text of a claims challenge. Such a call never takes a token from a cache. */
  readonly claims?: string;
  /**
   * Ask for a token that can be revoked early (Continuous Access Evaluation). Kept apart from plain
   * tokens.
   */
  readonly enableCae?: boolean;
  /** Ask another tenant than the configured one; it has to be allowed. */
  readonly tenantId?: string;
  /**
   * A GUID by which the logs of Entra and of hosts find the request (`client-request-id`). Default,
   * and in place of a text that is no GUID: a new one. Of calls that share one acquisition, that of
   * the first.
   */
  readonly correlationId?: string;
  /** Binds the token to one HTTP request. Default: a bearer token. */
  readonly proofOfPossessionOptions?: ProofOfPossessionOptions;
}

/**
 * The request that a proof-of-possession token is bound to. Named as in `@azure/core-auth`.
 * Source: https://datatracker.ietf.org/doc/html/draft-ietf-oauth-signed-http-request-03
 */
export interface ProofOfPossessionOptions {
  /**
   * The server's nonce, from its `WWW-Authenticate` header; claim `nonce` of the signed request.
   */
  readonly nonce: string;
  /** Method of the request, e.g. `GET`; claim `m`. */
  readonly resourceRequestMethod: string;
  /** URL of the request; its host, path and query become the claims `u`, `p` and `q`. */
  readonly resourceRequestUrl: string;
}

/**
 * A token as callers get it. `token` is readable as a property but redacted by `JSON.stringify` and
 * `util.inspect`.
 */
export interface AccessToken {
  /** The text for the `Authorization` header. Secret. */
  readonly token: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly expiresOnTimestamp: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly refreshAfterTimestamp?: number;
  /** The scheme of that header: `pop` for a token that is bound to one request. */
  readonly tokenType: "Bearer" | "pop";
}

/** What every Azure SDK client accepts. */
export interface TokenCredential {
  /**
   * Returns a token for the scopes, from memory where there is a valid one.
   *
   * @param scopes one scope, several, or several in one text, e.g.
   *   `https://vault.azure.net/.default`
   * @throws {IdentityError} each code of docs/errors.md; most often `no-credential-available`,
   * `invalid-scope`, `tenant-not-allowed`, `cancelled` and `timeout`
   * @throws {Error} what a credential of another library threw, when that ended the chain
   */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>;
}

/**
 * Any object that can sign in, e.g. a credential of `@azure/identity` placed in a chain. `null`
 * means: no token, ask the next.
 */
export interface TokenCredentialLike {
  /**
   * As `TokenCredential.getToken`, with `null` for "no token". Gets the scopes and options of the
   * caller as they are, with another `abortSignal`.
   *
   * @throws {Error} anything; an error with a name of the Azure SDKs keeps its meaning for the
   *   chain. One that ends the chain reaches the caller as it is.
   */
  getToken(
    scopes: string | string[],
    options?: GetTokenOptions,
  ): Promise<{
    token: string;
    expiresOnTimestamp: number;
    refreshAfterTimestamp?: number;
    tokenType?: string;
  } | null>;
}

/** A caller's request, checked and normalised, before a source is chosen. */
export interface NormalizedRequest {
  /** Normalised, sorted, without duplicates, never empty. */
  readonly scopes: readonly [string, ...string[]];
  /**
   * The tenant that the caller named, in lower case, before the source decides whether it is
   * allowed; `undefined`: the source takes its own (see `CredentialSource.tenantPolicy`).
   */
  readonly tenantId: string | undefined;
  /**
   * JSON text of a claims challenge, checked to be an object. Such a request never comes from a
   * cache.
   */
  readonly claims: string | undefined;
  /** Whether the token may be one that can be revoked early (Continuous Access Evaluation). */
  readonly enableCae: boolean;
  /** The request to bind the token to; `undefined`: a bearer token. */
  readonly proofOfPossession: ProofOfPossessionOptions | undefined;
  /** Access token of the user on whose behalf (set by `credential.forUser`). */
  readonly userAssertion: string | undefined;
  /** A GUID, sent to Entra as `client-request-id` and shown in errors. */
  readonly correlationId: string;
  /** The call itself; absent when another source requests the token. */
  readonly original?: OriginalRequest | undefined;
}

/**
 * A call of `getToken` in the words of its caller, for sources that pass it on to another library.
 * Of calls that share one acquisition, it is the first.
 */
export interface OriginalRequest {
  /** A text stays a text, and a list keeps its order. */
  readonly scopes: string | readonly string[];
  /** All members that the caller gave, except `abortSignal`: `TokenRequest.signal` is for that. */
  readonly options: Readonly<Omit<GetTokenOptions, "abortSignal">>;
}

/** One acquisition as a source sees it. */
export interface TokenRequest extends NormalizedRequest {
  /** The cached token that a claims challenge refused (Service Fabric is sent its hash). */
  readonly refusedToken: string | undefined;
  /**
   * A refresh beside callers who still have a valid token: `context.retry` tries once, core comes
   * back later.
   */
  readonly background: boolean;
  /** Ends at the deadline, or when the last waiting caller has gone. */
  readonly signal: AbortSignal;
}

/** What a source returns. Superset of the Azure SDKs' `AccessToken`. */
export interface IssuedToken {
  /** The text for the `Authorization` header. Secret. */
  readonly token: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly expiresOnTimestamp: number;
  /**
   * Milliseconds since 1970-01-01 UTC; absent: core takes five minutes before expiry, or half of
   * the token's life where that is less.
   */
  readonly refreshAfterTimestamp?: number;
  /** The scheme of that header: `pop` for a token that is bound to one request. */
  readonly tokenType: "Bearer" | "pop";
  /**
   * The principal of the token as far as the source knows it; core reads the rest from the token if
   * possible.
   */
  readonly principal?: Principal;
  /**
   * The account, of a source in which one account signs in after another (see
   * `Credential.account`).
   */
  readonly account?: string;
}

/** The identity that a token represents. */
export interface Principal {
  /** Directory (tenant) id, the claim `tid`. */
  readonly tenantId?: string;
  /** Object id of the user or the service principal, the claim `oid`. */
  readonly objectId?: string;
  /** Application (client) id. */
  readonly clientId?: string;
  /**
   * Account name of a user. Personal data: left out of events and logs unless
   * `log.allowLoggingAccountIdentifiers`.
   */
  readonly username?: string;
}
