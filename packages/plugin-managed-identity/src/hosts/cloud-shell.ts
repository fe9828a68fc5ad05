import { readEndpoint } from "../endpoint.ts";
import { allSet, type ErrorClass, type Host, hostRequestTimeoutsMs, hostRetries } from "../host.ts";

const requiredVariables = ["MSI_ENDPOINT"];

/**
 * It issues tokens for some of Microsoft's services. For all others its user has signed in to the
 * Azure CLI, as the same person.
 */
const audienceNotSupported: ErrorClass = {
  outcome: "not-configured",
  code: "unsupported-audience",
  meaning: "Cloud Shell issues no tokens for this resource.",
  remedy: "Run: az login",
  hasSameUserNext: true,
};

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
  parseError: ({ code }) => (code === "AudienceNotSupported" ? audienceNotSupported : undefined),
  requestTimeoutsMs: hostRequestTimeoutsMs,
  retries: hostRetries,
};
