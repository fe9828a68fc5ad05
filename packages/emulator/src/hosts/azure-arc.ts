import { epochSeconds } from "../clock.ts";
import type { JsonObject, ServerRequest } from "../http/message.ts";
import { formatArcChallenge, isArcChallengeFormat } from "./arc-challenges.ts";
import { createKeyFolder, type KeyFolder } from "./arc-key-folder.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { HostRefusal } from "./host-refusal.ts";
import { chooseIdentity, type ManagedIdentity } from "./managed-identities.ts";
import { metadataError, metadataRefusal, metadataToken, requireMetadataHeader } from "./metadata-protocol.ts";
import { type HostParameters, readParameters } from "./parameters.ts";

export interface AzureArcOptions {
  /**
   * The directory of the key files. Default: a temporary directory. Microsoft's clients accept only
   * `/var/opt/azcmagent/tokens` (on Linux). It is created if necessary, and then removed when the
   * emulator closes.
   */
  readonly keyDirectory?: string;
  /**
   * Emulates an old agent, which ignores ids of user-assigned identities and returns tokens of the
   * machine. Default: false.
   */
  readonly legacyAgent?: boolean;
}

/** A parameter that every agent ignores. */
const ignoredByAll = "mi_res_id";
const ids = { client_id: "clientId", object_id: "objectId", msi_res_id: "resourceId" } as const;
const apiVersions = /^20\d\d-\d\d-\d\d$/;
const current = { ids, apiVersions, ignored: [ignoredByAll] };
const legacy = { ids: {}, apiVersions, ignored: [ignoredByAll, ...Object.keys(ids)] };

/** The agent of Azure Arc: a client has to send the key from the file that the challenge names. */
export async function createAzureArc(tools: HostTools, options: AzureArcOptions): Promise<HostProtocol> {
  const keys = await createKeyFolder(options.keyDirectory);
  return {
    method: "GET",
    path: "/metadata/identity/oauth2/token",
    hostName: "localhost",
    facts: { keyDirectory: keys.directory },
    async answer(request) {
      requireMetadataHeader(request);
      const { resource, id } = readParameters(request.url.searchParams, options.legacyAgent ? legacy : current);
      await requireKey(request, keys);
      const identity = chooseIdentity(tools.identities, id);
      const token = await tools.issue({ identity, resource });
      const { client_id, ...body } = metadataToken(token, epochSeconds(tools.clock));
      return options.legacyAgent ? body : { ...body, client_id, ...echo(identity, id) };
    },
    async refuse(refusal) {
      if (refusal.reason !== "challenge") return metadataRefusal(refusal);
      const headers = { "www-authenticate": await formatArcChallenge("azure-arc", keys) };
      return { ...metadataError(401, "unauthorized_client", refusal.message), headers };
    },
    failure: (status) =>
      metadataError(status, errors[status] ?? "unknown", "This error response was requested by a fault."),
    challenge: (format) => (isArcChallengeFormat(format) ? formatArcChallenge(format, keys) : undefined),
    env: (endpoint) => ({ IDENTITY_ENDPOINT: endpoint, IMDS_ENDPOINT: new URL(endpoint).origin }),
    close: () => keys.close(),
  };
}

async function requireKey({ headers }: ServerRequest, keys: KeyFolder): Promise<void> {
  const [, key] = /^Basic (\S+)$/.exec(headers.authorization ?? "") ?? [];
  if (key === undefined) throw new HostRefusal("challenge", "Missing Basic Authorization header");
  if (!(await keys.redeem(key))) throw new HostRefusal("challenge", "Invalid Basic Authorization header");
}

/** Returns the identity in the parameter by which the request has named it. */
function echo(identity: ManagedIdentity, id: HostParameters["id"]): JsonObject {
  const named = Object.entries(ids).filter(([, kind]) => kind === id?.kind);
  return Object.fromEntries(named.map(([name, kind]) => [name, identity[kind]]));
}

const errors: Readonly<Record<number, string>> = {
  400: "invalid_request",
  401: "unauthorized_client",
  404: "not_found",
  429: "too_many_requests",
};
