import { isGuid, jwtPayload, outcomeError } from "@azidentity/core/plugin";
import type { Answer, AnyTool, Call } from "./tool.ts";

/** The tenants that an answer names, by id: what the tool printed, and what the token says. */
function namedTenants({ token, tenantId }: Answer): readonly string[] {
  return [tenantId, jwtPayload(token)?.tid].filter((tenant) => isGuid(tenant)).map((tenant) => tenant.toLowerCase());
}

interface TenantQuestion {
  readonly tool: AnyTool;
  /** The call as it was requested, not as it was repeated. */
  readonly call: Call;
  readonly answer: Answer;
  /** The configured tenant. */
  readonly home: string | undefined;
  /** Whether the tool was not given the tenant, so that its answer has to name it. */
  readonly needsProof: boolean;
}

/**
 * Refuses a token of another tenant than the one that was requested: by the call, by the config, or
 * by the config beside a subscription that selects a tenant.
 */
export function checkTenant({ tool, call, answer, home, needsProof }: TenantQuestion): void {
  const wanted = (call.tenantId ?? (call.subscription === undefined ? undefined : home))?.toLowerCase();
  if (wanted === undefined) return;
  const named = namedTenants(answer);
  const foreign = isGuid(wanted) ? named.find((tenant) => tenant !== wanted) : undefined;
  if (foreign === undefined && (!needsProof || named.includes(wanted))) return;
  const owner = foreign ?? named[0] ?? "an unknown tenant";
  const isOfSubscription = call.subscription !== undefined && call.tenantId === undefined;
  const correct = isOfSubscription ? "Correct `subscription` or `tenantId`" : "Correct `tenantId`";
  const problem = `${tool.name}: ${tool.title} returned a token of the tenant ${owner}, not of ${wanted}.`;
  const byId = isGuid(wanted) ? correct : `Set \`tenantId\` to the id of ${wanted}`;
  throw outcomeError("misconfigured", problem, {
    code: "other-tenant",
    remedy: `It was discarded. ${byId}, or sign in to that tenant: ${tool.signIn(call)}`,
  });
}
