import { allSet, type Host, hostRequestTimeoutsMs, retriesWithoutNotFound } from "../host.ts";

const requiredVariables = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT"];

/**
 * Service Fabric. Its server has a self-signed certificate; its thumbprint is compared before the
 * secret is sent. The application's manifest selects the identity, so no id is sent. Source:
 * https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
 */
export const serviceFabric: Host = {
  name: "service-fabric",
  requiredVariables,
  detect: (env) => allSet(env, requiredVariables),
  supportedIds: [],
  request: async (call) => (await import("../service-fabric-request.ts")).tokenRequest(call),
  parseError: () => undefined,
  requestTimeoutsMs: hostRequestTimeoutsMs,
  retries: retriesWithoutNotFound,
};
