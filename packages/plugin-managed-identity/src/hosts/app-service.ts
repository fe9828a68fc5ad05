import { readEndpoint, withQuery } from "../endpoint.ts";
import { allSet, type Host } from "../host.ts";
import { idParameter } from "../identity.ts";
import { describeRefused } from "../refused-token.ts";
import { hostRetries } from "../retries.ts";

const needs = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"];

const ids = { clientId: "client_id", objectId: "object_id", resourceId: "mi_res_id" };

/**
 * App Service, Functions, Container Apps, Logic Apps.
 * Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const appService: Host = {
  name: "app-service",
  needs,
  detect: (env) => allSet(env, needs),
  supports: ["clientId", "objectId", "resourceId"],
  request: ({ resource, identity, env, request }) => ({
    method: "GET",
    url: withQuery(readEndpoint("managed-identity (app-service)", env, "IDENTITY_ENDPOINT"), {
      // only the newer version knows of tokens that were refused; the older one is everywhere
      "api-version": request.refusedToken === undefined ? "2019-08-01" : "2025-03-30",
      resource,
      ...describeRefused(request),
      ...idParameter(identity, ids),
    }),
    headers: { "X-IDENTITY-HEADER": env.IDENTITY_HEADER ?? "" },
    proxy: "never",
  }),
  parseError: ({ status, text }) =>
    status === 400 && /\b(?:no|not find|not found)\b.*\bidentity\b|\bidentity\b.*\bnot found\b/i.test(text ?? "")
      ? { outcome: "rejected", code: "identity-not-found" }
      : undefined,
  patienceMs: 30_000,
  retries: hostRetries,
};
