import { readEndpoint, withQuery } from "../endpoint.ts";
import { allSet, type Host, hostRequestTimeoutsMs, hostRetries, refusedTokenParameters } from "../host.ts";
import { idParameter } from "../managed-identity-id.ts";

const requiredVariables = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"];

const ids = { clientId: "client_id", objectId: "object_id", resourceId: "mi_res_id" };

/**
 * App Service, Functions, Container Apps, Logic Apps. Source:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const appService: Host = {
  name: "app-service",
  requiredVariables,
  detect: (env) => allSet(env, requiredVariables),
  supportedIds: ["clientId", "objectId", "resourceId"],
  request: ({ resource, identity, env, request }) => ({
    method: "GET",
    url: withQuery(readEndpoint("managed-identity (app-service)", env, "IDENTITY_ENDPOINT"), {
      // refused tokens need the newer version; all installations support the older one
      "api-version": request.refusedToken === undefined ? "2019-08-01" : "2025-03-30",
      resource,
      ...refusedTokenParameters(request),
      ...idParameter(identity, ids),
    }),
    headers: { "X-IDENTITY-HEADER": env.IDENTITY_HEADER ?? "" },
    proxy: "never",
  }),
  parseError: () => undefined,
  requestTimeoutsMs: hostRequestTimeoutsMs,
  retries: hostRetries,
};
