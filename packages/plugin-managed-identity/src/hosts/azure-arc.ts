import { type HttpRequest, outcomeError } from "@azidentity/core/plugin";
import { isLoopback, malformed, readEndpoint, withQuery } from "../endpoint.ts";
import { type Asked, allSet, type Fields, type Host } from "../host.ts";
import { describeIdentity, type IdKind, idParameter } from "../identity.ts";
import type { Env, Machine } from "../machine.ts";
import { hostRetries } from "../retries.ts";

const who = "managed-identity (azure-arc)";

/** The agent's program, which is there when the machine is connected to Arc, variables or not. */
function agentProgram(env: Env, { platform }: Machine): string {
  if (platform !== "win32") return "/opt/azcmagent/bin/himds";
  return `${env.ProgramFiles ?? "C:\\Program Files"}\\AzureConnectedMachineAgent\\himds.exe`;
}

function endpoint(env: Env): URL {
  if (env.IDENTITY_ENDPOINT === undefined) return new URL("http://127.0.0.1:40342/metadata/identity/oauth2/token");
  const url = readEndpoint(who, env, "IDENTITY_ENDPOINT");
  // the agent's key goes there
  if (!isLoopback(url.hostname)) throw malformed(who, "IDENTITY_ENDPOINT", "has to be on this machine");
  if (url.hostname === "localhost") url.hostname = "127.0.0.1"; // the agent does not listen on ::1
  return url;
}

/** In which fields of an answer the agent says whose token it is. */
const echoes: Readonly<Record<IdKind, readonly string[]>> = {
  clientId: ["client_id"],
  objectId: ["object_id"],
  resourceId: ["msi_res_id", "mi_res_id"],
};

/** An agent that is too old ignores ids and answers with the machine's own token, so it has to say whose token it gives. */
function confirm(fields: Fields, { identity }: Pick<Asked, "identity">): void {
  if (identity.kind === "system") return;
  const wanted = identity.id.toLowerCase();
  const said = echoes[identity.kind].map((name) => fields[name]).filter((value) => value !== undefined);
  if (said.length > 0 && said.every((value) => typeof value === "string" && value.toLowerCase() === wanted)) return;
  throw outcomeError(
    "rejected",
    `${who}: the agent does not confirm that its token is that of ${describeIdentity(identity)}.`,
    {
      code: "unconfirmed-identity",
      remedy:
        "The token was thrown away. Update the Azure Connected Machine agent, or use the system-assigned identity.",
    },
  );
}

const ids = { clientId: "client_id", objectId: "object_id", resourceId: "msi_res_id" };

/**
 * Servers elsewhere that are connected to Azure Arc.
 * Source: https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export const azureArc: Host = {
  name: "azure-arc",
  needs: [],
  detect(env, machine) {
    const evidence = allSet(env, ["IDENTITY_ENDPOINT", "IMDS_ENDPOINT"]);
    if (evidence !== undefined) return evidence;
    return machine.hasFile(agentProgram(env, machine)) ? "The Azure Connected Machine agent is installed." : undefined;
  },
  supports: ["clientId", "objectId", "resourceId"],
  request: ({ resource, identity, env }) => ({
    method: "GET",
    url: withQuery(endpoint(env), {
      "api-version": "2020-06-01",
      resource,
      ...idParameter(identity, ids),
    }),
    headers: { Metadata: "true" },
    proxy: "never",
  }),
  async prove(refusal, refused, asked): Promise<HttpRequest> {
    const { readArcKey } = await import("../arc-key.ts");
    const key = await readArcKey(refusal.headers["www-authenticate"], asked);
    return { ...refused, headers: { ...refused.headers, Authorization: `Basic ${key}` } };
  },
  confirm,
  parseError: ({ status, text }, { identity }) =>
    status === 400 && /identity not found/i.test(text ?? "")
      ? {
          outcome: "rejected",
          code: "identity-not-found",
          meaning: `The agent does not know ${describeIdentity(identity)}.`,
        }
      : undefined,
  patienceMs: 30_000,
  retries: hostRetries,
};
