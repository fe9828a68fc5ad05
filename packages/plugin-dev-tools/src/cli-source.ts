import {
  type CommandResult,
  type CredentialSource,
  defineSource,
  type IssuedToken,
  isIdentityError,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { homeFolder, stateOf } from "./account-state.ts";
import { describeAuthority, isSameCloud } from "./clouds.ts";
import { expiryOf } from "./expiry.ts";
import { givenFolder, homeTenant, prepareCall } from "./prepare-call.ts";
import { findObject, plainText } from "./read-output.ts";
import type { Answer, Call, CliOptions, CliTool } from "./tool.ts";
import { toolFailure } from "./tool-failure.ts";

type Tool<Options extends CliOptions> = CliTool<string, Options>;

/** The longest that a timer can wait. */
const longestMs = 2_147_483_647;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function folderOf<O extends CliOptions>(tool: Tool<O>, options: O, { env }: SourceContext, home: string): string {
  return givenFolder(options, home) ?? tool.folder(env, home);
}

function programsOf<O extends CliOptions>(tool: Tool<O>, { commands }: SourceContext): string[] {
  return tool.programs.map((name) => commands.find(name)).filter((file) => file !== undefined);
}

function notInstalled<O extends CliOptions>({ title, programs, install }: Tool<O>): string {
  return `${title} (${programs.join(", ")}) is not on PATH. ${install}`;
}

/** Refuses a tool that is signed in to another cloud than the configured one. */
function checkCloud<O extends CliOptions>(tool: Tool<O>, authority: unknown, { cloud }: SourceContext): void {
  if (typeof authority !== "string" || authority === "" || isSameCloud(authority, cloud.authorityHost)) return;
  const [its, ours] = [authority, cloud.authorityHost].map(describeAuthority);
  throw outcomeError("misconfigured", `${tool.name}: ${tool.title} is set to ${its}, and the config to ${ours}.`, {
    code: "other-cloud",
    remedy: `Run: ${tool.switchCloud(cloud.authorityHost)} - or set \`cloud\`.`,
  });
}

/** Refuses a token of another tenant than the configured one, which a subscription can bring. */
function checkTenant<O extends CliOptions>(tool: Tool<O>, call: Call, answer: Answer, home: string | undefined): void {
  const { tenantId } = answer;
  if (call.subscription === undefined || typeof tenantId !== "string" || home === undefined || !guid.test(home)) return;
  if (!guid.test(tenantId) || tenantId.toLowerCase() === home.toLowerCase()) return;
  throw outcomeError(
    "misconfigured",
    `${tool.name}: The subscription belongs to the tenant ${tenantId}, not to ${home}.`,
    {
      code: "other-tenant",
      remedy: "Correct `subscription` or `tenantId`.",
    },
  );
}

/** The tool's answer, unless it says itself that it failed. */
function readAnswer<O extends CliOptions>(tool: Tool<O>, call: Call, result: CommandResult): Answer {
  const printed = result.exitCode === 0 ? findObject(plainText(result.stdout), tool.tokenKey) : undefined;
  const answer = printed && tool.read(printed);
  if (answer === undefined || typeof answer.token !== "string" || answer.token === "")
    throw toolFailure(tool, call, result);
  return answer;
}

function issue<O extends CliOptions>(tool: Tool<O>, answer: Answer): IssuedToken {
  const expiresOnTimestamp = expiryOf(answer);
  if (expiresOnTimestamp === undefined) {
    throw outcomeError("failed", `${tool.name}: ${tool.title} printed a token without a time of expiry.`, {
      code: "unexpected-output",
      remedy: "Update the tool.",
    });
  }
  const tenantId = typeof answer.tenantId === "string" ? answer.tenantId : undefined;
  return { token: answer.token, expiresOnTimestamp, tokenType: "Bearer", principal: { tenantId } };
}

/** Asks the programs one by one until one is there and has what it needs. */
async function askPrograms<O extends CliOptions>(
  tool: Tool<O>,
  call: Call,
  context: SourceContext,
  signal: AbortSignal,
): Promise<Answer> {
  let last: unknown = outcomeError("not-installed", `${tool.name}: ${notInstalled(tool)}`);
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

/** One acquisition: everything checked, the tool run, its answer read. */
async function acquire<O extends CliOptions>(
  tool: Tool<O>,
  options: O,
  context: SourceContext,
  request: TokenRequest,
): Promise<IssuedToken> {
  request.signal.throwIfAborted();
  const home = homeFolder(context.env);
  const call = prepareCall(tool, options, context, home, request);
  if (call.claims !== undefined && tool.claimsCommand !== undefined) {
    throw outcomeError(
      "interaction-required",
      `${tool.name}: ${tool.title} cannot answer a claims challenge by itself.`,
      {
        code: "claims-challenge",
        remedy: `Run: ${tool.claimsCommand(call)}`,
        claims: request.claims,
        scopes: request.scopes,
      },
    );
  }
  checkCloud(tool, tool.authority?.(folderOf(tool, options, context, home), context.env), context);
  const answer = await askPrograms(tool, call, context, request.signal);
  checkCloud(tool, answer.authority, context);
  checkTenant(tool, call, answer, homeTenant(options, context));
  return issue(tool, answer);
}

/** A source that asks a command line tool. The core caches what it says for as long as the tool's account stays as it is. */
export function defineCliSource<const Name extends string, O extends CliOptions>(
  tool: CliTool<Name, O>,
): CredentialSource<Name, O> {
  return defineSource<Name, O>({
    name: tool.name,
    kind: "developer",
    priority: tool.priority,
    tenants: "any",
    options: tool.options,
    atOnce: 1, // a tool that runs beside itself fights with itself over its files
    deadlineMs: ({ processTimeoutInMs: ms }) => (ms !== undefined && ms > 0 ? Math.min(ms, longestMs) : undefined),
    detect(_, context) {
      const [file] = programsOf(tool, context);
      if (file !== undefined) return { state: "possible", reason: `${tool.title} is ${file}.` };
      return { state: "absent", code: "not-installed", reason: notInstalled(tool) };
    },
    homeTenant,
    subject(options, context) {
      const folder = folderOf(tool, options, context, homeFolder(context.env));
      return JSON.stringify([folder, homeTenant(options, context) ?? null, options.subscription ?? null]);
    },
    accountState(options, context) {
      const home = homeFolder(context.env);
      return stateOf(tool.accountFiles(folderOf(tool, options, context, home), context.env, home));
    },
    create: (options, context) => ({ getToken: (request) => acquire(tool, options, context, request) }),
  });
}
