import { readEndpoint } from "../endpoint.ts";
import { allSet, type Host, hostRetries } from "../host.ts";

const requiredVariables = ["MSI_ENDPOINT"];

/** Azure Cloud Shell: tokens of the user who opened it; no other identity can be chosen. */
export const cloudShell: Host = {
  name: "cloud-shell",
  requiredVariables,
  detect: (env) => allSet(env, requiredVariables),
  supportedIds: [],
  request: ({ resource, env }) => ({
    method: "POST",
    url: readEndpoint("managed-identity (cloud-shell)", env, "MSI_ENDPOINT").href,
    headers: { Metadata: "true", "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ resource }).toString(),
    proxy: "never",
  }),
  parseError: () => undefined,
  responseTimeoutMs: 30_000,
  retries: hostRetries,
};
