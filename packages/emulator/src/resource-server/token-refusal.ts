/** Why a resource accepts no token of a request. */
export type RefusalReason = "missing" | "malformed" | "signature" | "issuer" | "audience" | "lifetime" | "revoked";

/** A resource's refusal of a token. How it is worded is the resource's affair. */
export class TokenRefusal extends Error {
  override readonly name = "TokenRefusal";
  readonly reason: RefusalReason;
  /** Seconds since 1970-01-01 UTC from which on a token has to be valid, if the client can be told so. */
  readonly notBefore: number | undefined;

  constructor(reason: RefusalReason, message: string, notBefore?: number) {
    super(message);
    this.reason = reason;
    this.notBefore = notBefore;
  }
}
