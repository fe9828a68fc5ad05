import type { Reply, ServerRequest } from "../http/message.ts";

/** Why a host gives no token. Each host has its own words for it. */
export type HostRefusalReason =
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
  readonly reason: HostRefusalReason;

  constructor(reason: HostRefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The secret that a host hands to those who run on it, in the header (lower case) by which they give it back. */
export function checkSecret({ headers }: ServerRequest, header: string, secret: string): void {
  const sent = headers[header];
  if (sent === undefined) throw new HostRefusal("no-secret", `The header ${header} is missing.`);
  if (sent !== secret) throw new HostRefusal("wrong-secret", `The header ${header} has a wrong value.`);
}

/** The error body of Cloud Shell, Machine Learning and Service Fabric. */
export function nestedError(status: number, code: string, message: string, beside: object = {}): Reply {
  return { status, body: { error: { ...beside, code, message } } };
}
