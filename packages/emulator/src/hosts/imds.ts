import { epochSeconds } from "../clock.ts";
import type { Reply, ServerRequest } from "../http/message.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { HostRefusal } from "./host-refusal.ts";
import { chooseIdentity, type Identities, type ManagedIdentity } from "./managed-identities.ts";
import { metadataError, metadataRefusal, metadataToken, requireMetadataHeader } from "./metadata-protocol.ts";
import { type HostParameters, readParameters } from "./parameters.ts";

const accepted = {
  ids: { client_id: "clientId", object_id: "objectId", msi_res_id: "resourceId" },
  apiVersions: /^20\d\d-\d\d-\d\d$/,
} as const;

/**
 * The Instance Metadata Service of virtual machines and scale sets, and of container groups, which
 * have `extraVariables`.
 */
export function createImds(
  { identities, issue, clock }: HostTools,
  _options: object = {},
  extraVariables: Readonly<Record<string, string>> = {},
): HostProtocol {
  return {
    method: "GET",
    path: "/metadata/identity/oauth2/token",
    async answer(request) {
      refuseForwarded(request);
      requireMetadataHeader(request);
      const { resource, id } = readParameters(request.url.searchParams, accepted);
      const token = await issue({ identity: chooseOrFallBack(identities, id), resource });
      return { ...metadataToken(token, epochSeconds(clock)), refresh_token: "" };
    },
    refuse: metadataRefusal,
    failure,
    env: (endpoint) => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: new URL(endpoint).origin, ...extraVariables }),
  };
}

function refuseForwarded({ headers }: ServerRequest): void {
  if (headers["x-forwarded-for"] === undefined) return;
  throw new HostRefusal("forwarded", "Forwarded requests (X-Forwarded-For) are not supported");
}

/**
 * Without a system-assigned identity the default is the user-assigned one, if it is the only one.
 */
function chooseOrFallBack(identities: Identities, id: HostParameters["id"]): ManagedIdentity {
  const [only, ...others] = identities.userAssigned;
  if (id !== undefined || identities.systemAssigned !== undefined || only === undefined) {
    return chooseIdentity(identities, id);
  }
  if (others.length === 0) return only;
  const text = "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity";
  throw new HostRefusal("ambiguous-identity", `${text} in the token request`);
}

const dockerMessage = "connectex: A socket operation was attempted to an unreachable network.";

/**
 * The error responses by status. The 403 is the one of Docker Desktop for an unreachable address.
 */
const failures: Readonly<Record<number, Reply>> = {
  400: metadataError(400, "invalid_request", "Identity not found"),
  401: metadataError(401, "unknown_source", "Unknown Source"),
  403: {
    status: 403,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: `connecting to 169.254.169.254:80: dial tcp 169.254.169.254:80: ${dockerMessage}`,
  },
  404: metadataError(404, "not_found", "The endpoint is being updated"),
  408: metadataError(408, "request_timeout", "The request timed out"),
  410: metadataError(410, "gone", "The service is restarting and will be back within 70 seconds"),
  429: metadataError(429, "too_many_requests", "Too many requests"),
};

function failure(status: number): Reply {
  if (status === 502 || status === 504) return gateway(status);
  return failures[status] ?? metadataError(status, "unknown", "Failed to retrieve token from the Active directory");
}

/** The response of a gateway in front of the service. */
function gateway(status: number): Reply {
  const headers = { "content-type": "text/html; charset=utf-8" };
  return { status, headers, body: `<html><body><h1>${status} Bad Gateway</h1></body></html>` };
}
