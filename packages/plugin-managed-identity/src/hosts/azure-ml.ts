import { readEndpoint, withQuery } from "../endpoint.ts";
import { allSet, type Host } from "../host.ts";
import { hostRetries } from "../retries.ts";

const needs = ["MSI_ENDPOINT", "MSI_SECRET"];

/** Compute of Azure Machine Learning: the protocol that App Service had in 2017, where the parameter is `clientid`. */
export const azureMl: Host = {
  name: "azure-ml",
  needs,
  detect: (env) => allSet(env, needs),
  supports: ["clientId"],
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
  patienceMs: 30_000,
  retries: hostRetries,
};
