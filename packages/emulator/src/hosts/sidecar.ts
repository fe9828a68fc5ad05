import type { Reply } from "../http/message.ts";
import type { HostProtocol, HostTools } from "./host.ts";
import { HostRefusal } from "./host-refusal.ts";
import { chooseIdentity } from "./managed-identities.ts";
import { readScopes } from "./scoped-request.ts";

const path = "/AuthorizationHeaderUnauthenticated/default";
const acquire = "optionsOverride.AcquireTokenOptions";

/** What it understands; anything else is refused, so that a typo of a client shows. */
const known = [
  "AgentIdentity",
  "AgentUsername",
  "AgentUserId",
  "optionsOverride.Scopes",
  "optionsOverride.RequestAppToken",
  ...["Tenant", "Claims", "ForceRefresh", "CorrelationId"].map((name) => `${acquire}.${name}`),
];

/**
 * Microsoft Entra's authentication sidecar, with one downstream API. Source:
 * https://learn.microsoft.com/entra/msidweb/agent-id-sdk/endpoints
 */
export function createSidecar({ identities, issue, tenantId }: HostTools): HostProtocol {
  return {
    method: "GET",
    path,
    async answer({ url: { searchParams: query } }) {
      const unknown = [...query.keys()].find((name) => !known.includes(name));
      if (unknown !== undefined) throw new HostRefusal("parameter", `The parameter '${unknown}' is unknown.`);
      const tenant = query.get(`${acquire}.Tenant`) ?? undefined;
      const { resource } = readScopes(query.getAll("optionsOverride.Scopes"), tenant, tenantId);
      const agent = query.get("AgentIdentity");
      if (agent === null && (query.has("AgentUsername") || query.has("AgentUserId")))
        throw new HostRefusal("parameter", "A user of an agent requires AgentIdentity.");
      const identity = chooseIdentity(identities, agent === null ? undefined : { kind: "clientId", value: agent });
      const { accessToken } = await issue({ identity, resource });
      return { authorizationHeader: `Bearer ${accessToken}` };
    },
    health: "/healthz",
    refuse: ({ message }) => problem(400, message),
    failure: (status) => problem(status, "This error response was requested by a fault."),
    env: (endpoint) => ({ SIDECAR_URL: new URL(endpoint).origin }),
  };
}

/** Problem details (RFC 9457). */
function problem(status: number, detail: string): Reply {
  const headers = { "content-type": "application/problem+json" };
  return { status, headers, body: JSON.stringify({ title: "The token was not acquired.", status, detail }) };
}
