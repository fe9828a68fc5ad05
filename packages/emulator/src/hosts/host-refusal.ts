import type { Reply, ServerRequest } from "../http/message.ts";

/** Why a host returns no token. */
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
  | "ambiguous-identity"
  | "unknown-tenant";

/** A refused token request. Each host has its own response for a reason. */
export class HostRefusal extends Error {
  override readonly name = "HostRefusal";
  readonly reason: HostRefusalReason;

  constructor(reason: HostRefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Throws unless the request has the secret of the host in this header (lower case). */
export function checkSecret({ headers }: ServerRequest, header: string, secret: string): void {
  const sent = headers[header];
  if (sent === undefined) throw new HostRefusal("no-secret", `The header ${header} is missing.`);
  if (sent !== secret) throw new HostRefusal("wrong-secret", `The header ${header} has a wrong value.`);
}

/** The error response of Cloud Shell, Machine Learning and Service Fabric. */
export function nestedError(status: number, code: string, message: string, extra: object = {}): Reply {
  return { status, body: { error: { ...extra, code, message } } };
}
