import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { AbortSignalLike, NormalizedRequest, TokenRequest } from "../contract/token.ts";

/** What a caller asks a link for. */
export interface LinkRequest extends NormalizedRequest {
  /** Hash of the user's assertion; `undefined`: the token is for the source's own principal. */
  readonly user: string | undefined;
  /** Ends the wait of this caller alone. */
  readonly callerSignal: AbortSignalLike | undefined;
}

/** The options of a placed source, read once, and what follows from them. */
export interface ResolvedOptions {
  /** Validated, references looked up: the same object for as long as what was read stays equal. */
  readonly options: unknown;
  /** Names the principal of the source's tokens; `undefined`: it cannot be named. */
  readonly subject: string | undefined;
  /** The tenant that is meant when a request names none. */
  readonly homeTenant: string | undefined;
  /** Incremented when the options name another principal than before. */
  readonly generation: number;
}

/**
 * A request with everything that was decided when it began. Later steps use these values and decide
 * nothing again.
 */
export interface ResolvedRequest extends LinkRequest, ResolvedOptions, TokenRequest {
  /**
   * The account of a tool when the request began; `undefined`: the source has none, or it is
   * unknown.
   */
  readonly account: string | undefined;
}

/** The part of a request that the source gets; its options were passed to `create`. */
export function tokenRequest(request: ResolvedRequest): TokenRequest {
  const { scopes, tenantId, claims, enableCae, proofOfPossession, userAssertion, correlationId } = request;
  const { original, refusedToken, background, signal } = request;
  const asked = { scopes, tenantId, claims, enableCae, proofOfPossession, userAssertion, correlationId };
  return Object.freeze({ ...asked, original, refusedToken, background, signal });
}

type Distinguishing = Pick<
  ResolvedRequest,
  "tenantId" | "user" | "scopes" | "enableCae" | "account" | "claims" | "proofOfPossession"
>;

/**
 * Everything that makes the answer of an acquisition different from another one of the same link.
 */
export function flightKey(request: Distinguishing): string {
  const { tenantId, user, scopes, enableCae, account, claims, proofOfPossession } = request;
  return JSON.stringify([tenantId, user, scopes, enableCae, account, claims, proofOfPossession]);
}

/**
 * The account that a tool is signed in to. `undefined`: it is unknown, because the source throws or
 * returns a value that is not a string (such as the promise of an `async` function, which would be
 * the same key for all accounts); or the source has no such state.
 */
export function readAccountState(source: AnySource, options: unknown, context: SourceContext): string | undefined {
  try {
    const state: unknown = source.accountState?.(options, context);
    return typeof state === "string" ? state : undefined;
  } catch {
    return undefined;
  }
}
