import { readEndpoint } from "../endpoint.ts";
import { allSet, type Host } from "../host.ts";
import { hostRetries } from "../retries.ts";

const needs = ["MSI_ENDPOINT"];

/** Azure Cloud Shell: tokens of the user who opened it, and of nobody else. */
export const cloudShell: Host = {
  name: "cloud-shell",
  needs,
  detect: (env) => allSet(env, needs),
  supports: [],
  request: ({ resource, env }) => ({
    method: "POST",
    url: readEndpoint("managed-identity (cloud-shell)", env, "MSI_ENDPOINT").href,
    headers: { Metadata: "true", "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ resource }).toString(),
    proxy: "never",
  }),
  parseError: () => undefined,
  patienceMs: 30_000,
  retries: hostRetries,
};
