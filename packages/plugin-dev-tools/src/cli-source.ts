import {
  type CredentialSource,
  defineSource,
  homeTenantOf,
  type IssuedToken,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { homeFolder, stateOf } from "./account-state.ts";
import { checkCloud, configFolder, homeTenant, prepareCall } from "./call.ts";
import { checkTenant } from "./check-tenant.ts";
import { expiryOf } from "./expiry.ts";
import { notInstalled, programsOf, runTool } from "./run-tool.ts";
import type { Answer, AnyTool, Call, CliOptions, CliTool } from "./tool.ts";

/** The folder of the tool's sign-in; `undefined` where nothing names one. */
function folderOf(tool: AnyTool, options: CliOptions, { env }: SourceContext): string | undefined {
  const home = homeFolder(env);
  return configFolder(options, home) ?? tool.folder(env, home);
}

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
async function acquire(
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

/**
 * A source that runs a command-line tool. The core caches its tokens until the state of the tool's
 * account changes.
 */
export function defineCliSource<const Name extends string, O extends CliOptions>(
  tool: CliTool<Name, O>,
): CredentialSource<Name, O> {
  return defineSource<Name, O>({
    name: tool.name,
    kind: "developer",
    priority: tool.priority,
    tenantPolicy: "any",
    options: tool.options,
    maxConcurrency: 1, // two processes of one tool would compete for its files
    deadlineMs: ({ processTimeoutInMs }) => processTimeoutInMs,
    detect(_, context) {
      const [file] = programsOf(tool, context);
      if (file !== undefined) return { state: "possible", reason: `${tool.title} is ${file}.` };
      return { state: "absent", code: "not-installed", reason: notInstalled(tool), remedy: tool.install };
    },
    homeTenant,
    subject(options, context) {
      if (tool.usesOtherAccount?.(context.env)) return undefined;
      const folder = folderOf(tool, options, context);
      const tenantId = homeTenantOf(homeTenant, options, context) ?? null;
      return folder && JSON.stringify([folder, tenantId, options.subscription ?? null]);
    },
    accountState(options, context) {
      const folder = folderOf(tool, options, context);
      if (folder === undefined) throw new Error("Nothing names the folder of the account.");
      return stateOf(tool.accountFiles(folder, context.env, homeFolder(context.env)));
    },
    create: (options, context) => ({ getToken: (request) => acquire(tool, options, context, request) }),
  });
}
