import {
  homeTenantOf,
  type IssuedToken,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { folderOf, homeFolder } from "./account-state.ts";
import { checkCloud, prepareCall } from "./call.ts";
import { checkTenant } from "./check-tenant.ts";
import { expiryOf } from "./expiry.ts";
import { runTool } from "./run-tool.ts";
import { type Answer, type AnyTool, type Call, type CliOptions, homeTenant } from "./tool.ts";

/** The authority that the files of the tool name. */
function authorityOf(tool: AnyTool, options: CliOptions, context: SourceContext): string | undefined {
  const folder = folderOf(tool, options, context);
  return folder === undefined ? undefined : tool.authority?.(folder, context.env);
}

function issue(tool: AnyTool, answer: Answer): IssuedToken {
  const expiresOnTimestamp = expiryOf(answer);
  if (expiresOnTimestamp === undefined) {
    throw outcomeError("failed", `${tool.name}: ${tool.title} printed a token without a valid time of expiry.`, {
      code: "unexpected-output",
      remedy: `Update it. ${tool.install}`,
    });
  }
  const tenantId = typeof answer.tenantId === "string" ? answer.tenantId : undefined;
  return { token: answer.token, expiresOnTimestamp, tokenType: "Bearer", principal: { tenantId } };
}

/** Refuses claims for a tool that has no option for them. */
function checkClaims(tool: AnyTool, call: Call, { claims, scopes }: TokenRequest): void {
  if (claims === undefined || tool.claimsCommand === undefined) return;
  const problem = `${tool.name}: ${tool.title} cannot satisfy a claims challenge by itself.`;
  const remedy = `Run: ${tool.claimsCommand(call)}`;
  throw outcomeError("interaction-required", problem, { code: "claims-challenge", remedy, claims, scopes });
}

/** One acquisition: checks the input, runs the tool, reads and checks its answer. */
export async function acquire(
  tool: AnyTool,
  options: CliOptions,
  context: SourceContext,
  request: TokenRequest,
): Promise<IssuedToken> {
  const { signal } = request;
  signal.throwIfAborted();
  const call = prepareCall({ tool, options, context, home: homeFolder(context.env), request });
  checkClaims(tool, call, request);
  checkCloud(tool, authorityOf(tool, options, context), context);
  const { answer, isWithoutTenant } = await runTool({ tool, call, context, signal });
  checkCloud(tool, answer.authority, context);
  const home = homeTenantOf(homeTenant, options, context);
  checkTenant({ tool, call, answer, home, needsProof: isWithoutTenant });
  return issue(tool, answer);
}
