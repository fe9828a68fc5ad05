import { outcomeError } from "@azidentity/core/plugin";
import { malformed, readEndpoint, withQuery } from "../endpoint.ts";
import { allSet, type Host } from "../host.ts";
import type { Env } from "../machine.ts";
import { describeRefused } from "../refused-token.ts";
import { retriesWithoutNotFound } from "../retries.ts";

const who = "managed-identity (service-fabric)";

function readThumbprint(env: Env): string {
  const plain = (env.IDENTITY_SERVER_THUMBPRINT ?? "").replace(/[\s:]/g, "");
  if (/^[\da-f]{40}$/i.test(plain)) return plain;
  throw outcomeError("misconfigured", `${who}: IDENTITY_SERVER_THUMBPRINT is not the thumbprint of a certificate.`, {
    code: "invalid-thumbprint",
    remedy: "It is the SHA-1 of the server's certificate: 40 hexadecimal digits.",
  });
}

function endpoint(env: Env): URL {
  const url = readEndpoint(who, env, "IDENTITY_ENDPOINT");
  if (url.protocol === "https:") return url;
  throw malformed(who, "IDENTITY_ENDPOINT", "has to be https");
}

const needs = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT"];

/**
 * Service Fabric. Its server signs its own certificate, and tells the thumbprint: compared before the secret is sent. The application's
 * manifest says which identity a service has, so no id is sent.
 * Source: https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
 */
export const serviceFabric: Host = {
  name: "service-fabric",
  needs,
  detect: (env) => allSet(env, needs),
  supports: [],
  request: ({ resource, env, request }) => ({
    method: "GET",
    url: withQuery(endpoint(env), {
      "api-version": env.IDENTITY_API_VERSION ?? "2019-07-01-preview",
      resource,
      xms_cc: request.enableCae ? "cp1" : undefined,
      ...describeRefused(request),
    }),
    headers: { secret: env.IDENTITY_HEADER ?? "", Accept: "application/json" },
    proxy: "never",
    tls: { pinnedThumbprint: readThumbprint(env) },
  }),
  parseError: ({ code }) =>
    code === "ManagedIdentityNotFound" ? { outcome: "rejected", code: "identity-not-found" } : undefined,
  patienceMs: 30_000,
  retries: retriesWithoutNotFound,
};
