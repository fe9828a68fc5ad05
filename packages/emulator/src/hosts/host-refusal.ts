/** Why a host gives no token. Each host has its own words for it. */
export type RefusalReason =
  | "no-metadata-header"
  | "wrong-metadata-header"
  | "forwarded"
  | "no-secret"
  | "wrong-secret"
  | "challenge"
  | "parameter"
  | "api-version"
  | "no-resource"
  | "unknown-resource"
  | "no-identity"
  | "unknown-identity"
  | "ambiguous-identity";

/** Thrown where the reason is found, worded by the host that was asked. */
export class HostRefusal extends Error {
  override readonly name = "HostRefusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
