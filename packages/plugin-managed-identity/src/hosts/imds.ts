import { readEndpoint, withQuery } from "../endpoint.ts";
import { allSet, type Host } from "../host.ts";
import { idParameter } from "../identity.ts";
import type { Env } from "../machine.ts";
import { hostRetries } from "../retries.ts";

const variable = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
const fixedAddress = "http://169.254.169.254";
const path = "metadata/identity/oauth2/token";

/** Whether it is asked at the address that other clouds use, too. */
export const isAtFixedAddress = (env: Env) => env[variable] === undefined;

/** Where the instance metadata service is. */
export function imdsEndpoint(env: Env): URL {
  const url = isAtFixedAddress(env) ? new URL(fixedAddress) : readEndpoint("managed-identity (imds)", env, variable);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}

/**
 * Whether such an answer says that there is no metadata service: Docker Desktop answers 403 in its place, with a text of the socket's.
 * Source: https://github.com/Azure/azure-sdk-for-net/issues/40974
 */
export const isUnreachable = (status: number, text: string | undefined) =>
  status === 403 && /unreachable/i.test(text ?? "");

const ids = { clientId: "client_id", objectId: "object_id", resourceId: "msi_res_id" };

/**
 * Virtual machines, scale sets and whatever runs on them.
 * Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export const imds: Host = {
  name: "imds",
  needs: [],
  // a fixed address is no sign of anything, so without the variable the last row of the table is a guess
  detect: (env) => allSet(env, [variable]),
  supports: ["clientId", "objectId", "resourceId"],
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
  parseError({ status, text }, { identity, evidence }) {
    if (isUnreachable(status, text)) {
      return { outcome: "unreachable", code: "no-metadata-service", meaning: "There is no metadata service here." };
    }
    if (!evidence.exists()) {
      return { outcome: "unreachable", code: "no-metadata-service", meaning: "What answers is no metadata service." };
    }
    if (status === 400 && /identity not found/i.test(text ?? "")) {
      return { outcome: identity.kind === "system" ? "not-configured" : "rejected", code: "identity-not-found" };
    }
    // a service that is starting, or a machine without this part of it: no answer to what was asked
    if (status === 404) return { outcome: "unreachable", code: "host-unavailable", remedy: "Try again later." };
    return undefined;
  },
  patienceMs: 9_000,
  retries: hostRetries,
};
