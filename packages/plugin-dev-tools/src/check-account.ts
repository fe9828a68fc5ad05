import { isGuid, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { describeAuthority, isSameCloud } from "./clouds.ts";
import type { Answer, AnyTool, Call } from "./tool.ts";

/** Refuses a tool that is signed in to another cloud than the configured one. */
export function checkCloud(tool: AnyTool, authority: unknown, { cloud }: SourceContext): void {
  if (typeof authority !== "string" || authority === "" || isSameCloud(authority, cloud.authorityHost)) return;
  const [its, ours] = [authority, cloud.authorityHost].map(describeAuthority);
  throw outcomeError("misconfigured", `${tool.name}: ${tool.title} is set to ${its}, and the config to ${ours}.`, {
    code: "other-cloud",
    remedy: `Run: ${tool.switchCloud(cloud.authorityHost)} - or set \`cloud\`.`,
  });
}

/** Refuses a token of another tenant than the configured one, which a subscription can bring. */
export function checkTenant(tool: AnyTool, call: Call, answer: Answer, home: string | undefined): void {
  const { tenantId } = answer;
  if (call.subscription === undefined || !isGuid(home) || !isGuid(tenantId)) return;
  if (tenantId.toLowerCase() === home.toLowerCase()) return;
  const problem = `${tool.name}: The subscription belongs to the tenant ${tenantId}, not to ${home}.`;
  const remedy = "Correct `subscription` or `tenantId`.";
  throw outcomeError("misconfigured", problem, { code: "other-tenant", remedy });
}
