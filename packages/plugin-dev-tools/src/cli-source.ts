import {
  type CommandResult,
  type CredentialSource,
  defineSource,
  homeTenantOf,
  type IssuedToken,
  isIdentityError,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { homeFolder, stateOf } from "./account-state.ts";
import { checkCloud, checkTenant, configFolder, homeTenant, prepareCall } from "./call.ts";
import { expiryOf } from "./expiry.ts";
import { findObject, plainText } from "./read-output.ts";
import type { Answer, AnyTool, Call, CliOptions, CliTool } from "./tool.ts";
import { toolFailure } from "./tool-failure.ts";

function folderOf(tool: AnyTool, options: CliOptions, { env }: SourceContext, home: string): string {
  return configFolder(options, home) ?? tool.folder(env, home);
}

function programsOf(tool: AnyTool, { commands }: SourceContext): string[] {
  return tool.programs.map((name) => commands.find(name)).filter((file) => file !== undefined);
}

function notInstalled({ title, programs }: AnyTool): string {
  return `${title} (${programs.join(", ")}) is not on PATH.`;
}

/** The tool's answer. Throws the tool's own failure when there is no token. */
function readAnswer(tool: AnyTool, call: Call, result: CommandResult): Answer {
  const printed = result.exitCode === 0 ? findObject(plainText(result.stdout), tool.tokenKey) : undefined;
  const token = printed?.[tool.tokenKey];
  if (printed === undefined || typeof token !== "string" || token === "") throw toolFailure(tool, call, result);
  return { token, ...tool.read(printed) };
}

function issue(tool: AnyTool, answer: Answer): IssuedToken {
  const expiresOnTimestamp = expiryOf(answer);
  if (expiresOnTimestamp === undefined) {
    throw outcomeError("failed", `${tool.name}: ${tool.title} printed a token without a valid time of expiry.`, {
      code: "unexpected-output",
      remedy: "Update the tool.",
    });
  }
  const tenantId = typeof answer.tenantId === "string" ? answer.tenantId : undefined;
  return { token: answer.token, expiresOnTimestamp, tokenType: "Bearer", principal: { tenantId } };
}

/** Runs the programs one after the other until one is installed with everything it needs. */
async function runPrograms(tool: AnyTool, call: Call, context: SourceContext, signal: AbortSignal): Promise<Answer> {
  let last: unknown = outcomeError("not-installed", `${tool.name}: ${notInstalled(tool)}`, { remedy: tool.install });
  for (const file of programsOf(tool, context)) {
    try {
      const result = await context.commands.run(file, tool.args(call), { env: tool.env(call) }, signal);
      return readAnswer(tool, call, result);
    } catch (error) {
      if (!isIdentityError(error) || error.outcome !== "not-installed") throw error;
      last = error;
    }
  }
  throw last;
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
  request.signal.throwIfAborted();
  const home = homeFolder(context.env);
  const call = prepareCall({ tool, options, context, home, request });
  checkClaims(tool, call, request);
  checkCloud(tool, tool.authority?.(folderOf(tool, options, context, home), context.env), context);
  const answer = await runPrograms(tool, call, context, request.signal);
  checkCloud(tool, answer.authority, context);
  checkTenant(tool, call, answer, homeTenantOf(homeTenant, options, context));
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
      const folder = folderOf(tool, options, context, homeFolder(context.env));
      const tenantId = homeTenantOf(homeTenant, options, context) ?? null;
      return JSON.stringify([folder, tenantId, options.subscription ?? null]);
    },
    accountState(options, context) {
      const home = homeFolder(context.env);
      return stateOf(tool.accountFiles(folderOf(tool, options, context, home), context.env, home));
    },
    create: (options, context) => ({ getToken: (request) => acquire(tool, options, context, request) }),
  });
}
