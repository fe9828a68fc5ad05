import type { Reply, ServerRequest } from "../http/message.ts";
import { HostRefusal } from "./host-refusal.ts";
import type { ManagedToken } from "./managed-token.ts";

/** The parts that the protocols of IMDS and Azure Arc share. */

export function requireMetadataHeader({ headers }: ServerRequest): void {
  const text = "Required metadata header not specified";
  if (headers.metadata === undefined) throw new HostRefusal("no-metadata-header", text);
  if (headers.metadata !== "true") throw new HostRefusal("wrong-metadata-header", text);
}

export function metadataRefusal({ reason, message }: HostRefusal): Reply {
  const errors: Partial<Record<typeof reason, string>> = {
    "wrong-metadata-header": "bad_request_102",
    "unknown-resource": "invalid_resource",
  };
  return metadataError(400, errors[reason] ?? "invalid_request", message);
}

export function metadataError(status: number, error: string, text: string): Reply {
  return { status, body: { error, error_description: text } };
}

/** The token response, in which all values are strings. */
export function metadataToken({ accessToken, identity, resource, expiresOn, expiresIn }: ManagedToken, now: number) {
  return {
    access_token: accessToken,
    client_id: identity.clientId,
    expires_in: String(expiresIn),
    expires_on: String(expiresOn),
    ext_expires_in: String(expiresIn),
    not_before: String(now - 300),
    resource,
    token_type: "Bearer",
  };
}
