import { type Detection, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type { Env } from "./host.ts";
import type { ManagedIdentityOptions } from "./placement.ts";
import { detectWorkload, type WorkloadOptions } from "./workload/variables.ts";

const who = "managed-identity (workload-identity)";

/** Whether this is a pod with an identity of its own. Then the identity of the node below it is somebody else's. */
export const isPod = ({ source }: ManagedIdentityOptions, env: Env) =>
  source === undefined && env.AZURE_FEDERATED_TOKEN_FILE !== undefined;

/** What a pod is asked for, in the words of workload identity. */
export function podOptions(given: ManagedIdentityOptions, context: SourceContext): WorkloadOptions {
  const { clientId, objectId, resourceId } = given;
  if (clientId !== null && objectId === undefined && resourceId === undefined) {
    return { who, clientId, tenantId: context.defaults.tenantId };
  }
  const named = clientId === null ? "`clientId: null`" : objectId === undefined ? "`resourceId`" : "`objectId`";
  throw outcomeError("misconfigured", `${who}: a pod with an identity of its own cannot be asked for ${named}.`, {
    code: "unsupported-identity",
    remedy: 'Name it by `clientId`, or ask the node below it with `source: "imds"`.',
  });
}

/** A pod is meant to be what its variables say. */
export function detectPod(given: ManagedIdentityOptions, env: Env): Detection {
  const { reason } = detectWorkload({ clientId: given.clientId ?? undefined }, env, env.AZURE_TENANT_ID);
  return { state: "ready", reason: `workload-identity: ${reason}` };
}
