import { readEndpoint, withQuery } from "../endpoint.ts";
import { allSet, type Host, hostRequestTimeoutsMs, hostRetries } from "../host.ts";

const requiredVariables = ["MSI_ENDPOINT", "MSI_SECRET"];

/**
 * Compute of Azure Machine Learning: the protocol of App Service in 2017, where the parameter is
 * `clientid`.
 */
export const azureMl: Host = {
  name: "azure-ml",
  requiredVariables,
  detect: (env) => allSet(env, requiredVariables),
  supportedIds: ["clientId"],
  request: ({ resource, identity, env }) => ({
    method: "GET",
    url: withQuery(readEndpoint("managed-identity (azure-ml)", env, "MSI_ENDPOINT"), {
      "api-version": "2017-09-01",
      resource,
      clientid: identity.kind === "clientId" ? identity.id : env.DEFAULT_IDENTITY_CLIENT_ID,
    }),
    headers: { secret: env.MSI_SECRET ?? "" },
    proxy: "never",
  }),
  parseError: () => undefined,
  requestTimeoutsMs: hostRequestTimeoutsMs,
  retries: hostRetries,
};
