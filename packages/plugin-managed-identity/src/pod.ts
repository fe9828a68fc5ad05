import {
  type Detection,
  homeTenantOf,
  outcomeError,
  requireHomeTenant,
  type SourceContext,
} from "@azidentity/core/plugin";
import type { ManagedIdentityOptions } from "./placement.ts";
import { detectWorkload, hasTokenFile, podTenant, type WorkloadOptions } from "./workload/variables.ts";

const who = "managed-identity (workload-identity)";

/** Whether this is a pod with an identity of its own. Then the identity of the node below it is somebody else's. */
export const isPod = ({ source, clientId }: ManagedIdentityOptions, context: SourceContext) =>
  source === undefined && hasTokenFile({ clientId: clientId ?? undefined }, context);

/** What a pod is asked for, in the words of workload identity. */
export function podOptions(given: ManagedIdentityOptions, context: SourceContext): WorkloadOptions {
  const { clientId, objectId, resourceId } = given;
  if (clientId !== null && objectId === undefined && resourceId === undefined) {
    requireHomeTenant(who, podTenant, {}, context);
    return { who, clientId, tenantId: homeTenantOf(podTenant, {}, context) };
  }
  const named = clientId === null ? "`clientId: null`" : objectId === undefined ? "`resourceId`" : "`objectId`";
  throw outcomeError("misconfigured", `${who}: a pod with an identity of its own cannot be asked for ${named}.`, {
    code: "unsupported-identity",
    remedy: 'Name it by `clientId`, or ask the node below it with `source: "imds"`.',
  });
}

/** A pod is meant to be what its variables say. */
export function detectPod(given: ManagedIdentityOptions, context: SourceContext): Detection {
  const tenantId = homeTenantOf(podTenant, {}, context);
  const { reason } = detectWorkload({ clientId: given.clientId ?? undefined }, context.env, tenantId);
  return { state: "ready", reason: `workload-identity: ${reason}` };
}
