/** What a protocol reads from a request, before it is decided whether that is allowed. */
export interface Wanted {
  /** Scopes in the client's words. */
  readonly scopes: readonly [string, ...string[]];
  /** Tenant that the client names. Absent: the identity's own. */
  readonly tenantId?: string | undefined;
  /** JSON text of a claims challenge. */
  readonly claims?: string | undefined;
  readonly enableCae?: boolean | undefined;
  /**
   * What the client calls the request, for logs: those of the relay, and of Entra if it is a GUID.
   */
  readonly correlationId?: string | undefined;
  /** The name of a parameter that chooses another identity than the relay's. */
  readonly identityParameter?: string | undefined;
}

/** What a client gets a token for, whatever the protocol of its request. */
export interface RelayRequest extends Omit<Wanted, "identityParameter"> {
  /** Name of the client, found by its key. */
  readonly client: string;
}

/** The token for a `RelayRequest`. */
export interface RelayToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
  /** Milliseconds since 1970. */
  readonly refreshAfterTimestamp?: number | undefined;
}
