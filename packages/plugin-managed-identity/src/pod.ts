import {
  type Detection,
  homeTenantOf,
  outcomeError,
  requireHomeTenant,
  type SourceContext,
} from "@azidentity/core/plugin";
import type { ManagedIdentityOptions } from "./resolve-host.ts";
import { detectWorkload, hasTokenFile, podTenant, type WorkloadOptions } from "./workload/variables.ts";

const label = "managed-identity (workload-identity)";

/** Whether this is a pod with an identity of its own. The identity of its node is another one. */
export const isPod = ({ source, clientId }: ManagedIdentityOptions, context: SourceContext) =>
  source === undefined && hasTokenFile({ clientId: clientId ?? undefined }, context);

/** The options of workload identity for a pod. */
export function podOptions(given: ManagedIdentityOptions, context: SourceContext): WorkloadOptions {
  const { clientId, objectId, resourceId } = given;
  if (clientId !== null && objectId === undefined && resourceId === undefined) {
    requireHomeTenant(label, podTenant, {}, context);
    return { label, clientId, tenantId: homeTenantOf(podTenant, {}, context) };
  }
  const named = clientId === null ? "`clientId: null`" : objectId === undefined ? "`resourceId`" : "`objectId`";
  throw outcomeError("misconfigured", `${label}: a pod with an identity of its own does not support ${named}.`, {
    code: "unsupported-identity",
    remedy: 'Name the identity by `clientId`, or use the identity of the node with `source: "imds"`.',
  });
}

/** Always `ready`: an incomplete pod must not sign in as its node. */
export function detectPod(given: ManagedIdentityOptions, context: SourceContext): Detection {
  const tenantId = homeTenantOf(podTenant, {}, context);
  const { reason } = detectWorkload({ clientId: given.clientId ?? undefined }, context.env, tenantId);
  return { state: "ready", reason: `workload-identity: ${reason}` };
}
