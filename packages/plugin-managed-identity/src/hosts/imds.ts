import { readEndpoint, withQuery } from "../endpoint.ts";
import { allSet, type Host, hostRetries } from "../host.ts";
import type { Env } from "../machine.ts";
import { idParameter } from "../managed-identity-id.ts";

const variable = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
const fixedAddress = "http://169.254.169.254";
const path = "metadata/identity/oauth2/token";

/** Whether requests go to the fixed address, which other clouds use as well. */
export const isAtFixedAddress = (env: Env) => env[variable] === undefined;

/** The token endpoint of the instance metadata service. */
export function imdsEndpoint(env: Env): URL {
  const url = isAtFixedAddress(env) ? new URL(fixedAddress) : readEndpoint("managed-identity (imds)", env, variable);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}

/**
 * Whether a response means that there is no metadata service: Docker Desktop answers 403 in its
 * place, with the text of a socket error as its body or in the field `error`.
 * Source: https://github.com/Azure/azure-sdk-for-net/issues/40974
 */
export const isUnreachable = (status: number, text: string) => status === 403 && /unreachable/i.test(text);

/** What to do where the program does not run on Azure. */
export const elsewhere = "Outside of Azure, sign in with another source, such as azure-cli.";

const ids = { clientId: "client_id", objectId: "object_id", resourceId: "msi_res_id" };

/**
 * Virtual machines, scale sets and the programs on them. Source:
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export const imds: Host = {
  name: "imds",
  requiredVariables: [],
  // the fixed address is no evidence: without the variable this host is a guess
  detect: (env) => allSet(env, [variable]),
  supportedIds: ["clientId", "objectId", "resourceId"],
  request: ({ resource, identity, env }) => ({
    method: "GET",
    url: withQuery(imdsEndpoint(env), {
      "api-version": "2018-02-01",
      resource,
      ...idParameter(identity, ids),
    }),
    headers: { Metadata: "true" },
    proxy: "never",
  }),
  parseError({ status, code, text }, { identity, evidence }) {
    if (isUnreachable(status, `${code} ${text}`)) {
      return {
        outcome: "unreachable",
        code: "no-metadata-service",
        meaning: "There is no metadata service here.",
        remedy: elsewhere,
      };
    }
    if (!evidence.exists()) {
      return {
        outcome: "unreachable",
        code: "no-metadata-service",
        meaning: "The response does not come from a metadata service.",
        remedy: elsewhere,
      };
    }
    if (status === 400 && identity.kind === "system" && /identity not found/i.test(text ?? ""))
      return { outcome: "not-configured", code: "identity-not-found" };
    // the service is starting, or the machine does not have this part of it
    if (status === 404) {
      const remedy = "Try again later, or assign an identity to the machine.";
      return { outcome: "unreachable", code: "host-unavailable", remedy };
    }
    return undefined;
  },
  // it runs before any program of the machine does, so it is not waited for when nothing listens
  requestTimeoutsMs: [3_000, 6_000],
  retries: { ...hostRetries, minimumTotalMs: { 410: 70_000 } },
};
