import { type HttpRequest, type HttpResponse, outcomeError } from "@azidentity/core/plugin";
import { readArcKey } from "./arc-key.ts";
import { isLoopback, malformed, readEndpoint, withQuery } from "./endpoint.ts";
import type { Fields, HostCall } from "./host.ts";
import type { Env } from "./machine.ts";
import { describeIdentity, type IdKind, idParameter } from "./managed-identity-id.ts";

const label = "managed-identity (azure-arc)";

/** The agent's key is a file of the machine, and must not be sent to another one. */
const inContainer = "Run a container with host networking, and with the agent's key folder.";

function endpoint(env: Env): URL {
  if (env.IDENTITY_ENDPOINT === undefined) return new URL("http://127.0.0.1:40342/metadata/identity/oauth2/token");
  const url = readEndpoint(label, env, "IDENTITY_ENDPOINT");
  // the agent's key is sent there
  if (!isLoopback(url.hostname)) throw malformed(label, "IDENTITY_ENDPOINT", "must be on this machine", inContainer);
  if (url.hostname === "localhost") url.hostname = "127.0.0.1"; // the agent does not listen on ::1
  return url;
}

/** The members of a response that name the identity of the token. */
const identityFields: Readonly<Record<IdKind, readonly string[]>> = {
  clientId: ["client_id"],
  objectId: ["object_id"],
  resourceId: ["msi_res_id", "mi_res_id"],
};

/**
 * Requires that the response names the identity: old agents ignore ids and return the token of the
 * machine's own identity.
 */
export function confirmIdentity(fields: Fields, { identity }: Pick<HostCall, "identity">): void {
  if (identity.kind === "system") return;
  const wanted = identity.id.toLowerCase();
  const reported = identityFields[identity.kind].map((name) => fields[name]).filter((value) => value !== undefined);
  if (reported.length > 0 && reported.every((value) => typeof value === "string" && value.toLowerCase() === wanted))
    return;
  throw outcomeError(
    "rejected",
    `${label}: the agent does not confirm that its token belongs to ${describeIdentity(identity)}.`,
    {
      code: "unconfirmed-identity",
      remedy: "The token was discarded. Update the Azure Connected Machine agent, or use the system-assigned identity.",
    },
  );
}

const ids = { clientId: "client_id", objectId: "object_id", resourceId: "msi_res_id" };

/** The first request for a token, which the agent answers with a challenge. */
export const tokenRequest = ({ resource, identity, env }: HostCall): HttpRequest => ({
  method: "GET",
  url: withQuery(endpoint(env), { "api-version": "2020-06-01", resource, ...idParameter(identity, ids) }),
  headers: { Metadata: "true" },
  proxy: "never",
});

/** The request that answers the challenge: with the key from the file that it names. */
export async function withKey(
  { headers }: HttpResponse,
  challenged: HttpRequest,
  call: HostCall,
): Promise<HttpRequest> {
  const key = await readArcKey(headers["www-authenticate"], call);
  return { ...challenged, headers: { ...challenged.headers, Authorization: `Basic ${key}` } };
}
