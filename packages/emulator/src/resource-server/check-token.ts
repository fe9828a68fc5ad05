import { errors, type JWTPayload } from "jose";
import { sessionHandle } from "../entra/access-token.ts";
import type { Authority } from "../entra/authority.ts";
import type { ServerRequest } from "../http/message.ts";

/** Why a resource rejects a request. */
export type RefusalReason = "missing" | "malformed" | "signature" | "issuer" | "audience" | "lifetime" | "revoked";

/** A rejected token. Each resource has its own response. */
export class TokenRefusal extends Error {
  override readonly name = "TokenRefusal";
  readonly reason: RefusalReason;
  /**
   * The `nbf` that a new token needs, in seconds since 1970-01-01 UTC; `undefined` for clients
   * without `cp1`.
   */
  readonly notBefore: number | undefined;

  constructor(reason: RefusalReason, message: string, notBefore?: number) {
    super(message);
    this.reason = reason;
    this.notBefore = notBefore;
  }
}

/** The issuers and audiences of the tokens that a resource accepts. */
export interface AcceptedTokens {
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
}

/** The claims of the request's access token; throws a `TokenRefusal` if it is not valid. */
export async function checkToken(
  authority: Authority,
  accepted: AcceptedTokens,
  { headers }: ServerRequest,
): Promise<JWTPayload> {
  const { authorization } = headers;
  if (authorization === undefined) throw new TokenRefusal("missing", "The request has no token.");
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new TokenRefusal("malformed", "The request has no bearer token.");

  const claims = await verify(authority, accepted, token);
  checkSession(authority, claims);
  return claims;
}

async function verify({ signingKey, clock }: Authority, accepted: AcceptedTokens, token: string): Promise<JWTPayload> {
  try {
    return await signingKey.verify(token, {
      issuer: [...accepted.issuers],
      audience: [...accepted.audiences],
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "nbf", "oid"],
    });
  } catch (error) {
    if (error instanceof errors.JOSEError) throw describe(error, accepted);
    throw error;
  }
}

function describe(error: errors.JOSEError, { issuers, audiences }: AcceptedTokens): TokenRefusal {
  if (error instanceof errors.JWTExpired) return new TokenRefusal("lifetime", "The token has expired.");
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, payload } = error;
    if (claim === "nbf") return new TokenRefusal("lifetime", "The token is not valid yet.");
    if (claim === "iss") return mismatch("issuer", issuers, payload.iss);
    if (claim === "aud") return mismatch("audience", audiences, payload.aud);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed) {
    return new TokenRefusal("signature", "The token is not signed by a known key.");
  }
  return new TokenRefusal("malformed", "The token cannot be read.");
}

function mismatch(reason: "issuer" | "audience", expected: readonly string[], found: unknown): TokenRefusal {
  return new TokenRefusal(reason, `Expected ${expected.join(" or ")}, found: ${found}.`);
}

/** Claims challenges are only for clients that declare `cp1`. */
function checkSession({ sessions }: Authority, { oid, rh, xms_cc: capabilities }: JWTPayload): void {
  const session = sessions.current(String(oid));
  if (rh === sessionHandle(session)) return;
  const handlesClaims = Array.isArray(capabilities) && capabilities.includes("cp1");
  throw new TokenRefusal("revoked", "The token has been revoked.", handlesClaims ? session.since : undefined);
}
