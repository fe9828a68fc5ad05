import {
  type CommandResult,
  isIdentityError,
  outcomeError,
  relabelError,
  type SourceContext,
} from "@azidentity/core/plugin";
import { findObject, plainText } from "./read-output.ts";
import { type Answer, type AnyTool, type Call, notInstalled, programsOf } from "./tool.ts";
import { errorTextOf, toolFailure } from "./tool-failure.ts";

/** What one run of a tool needs. */
export interface ToolRun {
  readonly tool: AnyTool;
  readonly call: Call;
  readonly context: Pick<SourceContext, "commands">;
  readonly signal: AbortSignal;
}

/** An answer, and whether the tool was run without the tenant of the call. */
export interface ToolAnswer {
  readonly answer: Answer;
  readonly isWithoutTenant: boolean;
}

async function run({ tool, call, context, signal }: ToolRun, file: string): Promise<CommandResult> {
  try {
    return await context.commands.run(file, tool.args(call), { env: tool.env(call) }, signal);
  } catch (error) {
    // an error of the system, such as a missing interpreter
    throw signal.aborted ? error : relabelError(error, tool.name, (own) => own ?? tool.install);
  }
}

/** The tool's answer. Throws the tool's own failure when there is no token. */
function readAnswer(tool: AnyTool, call: Call, result: CommandResult): Answer {
  const output = result.exitCode === 0 ? plainText(result.stdout) : "";
  for (const key of tool.tokenKeys) {
    const printed = findObject(output, key);
    const token = printed?.[key];
    if (printed !== undefined && typeof token === "string" && token !== "") return { token, ...tool.read(printed) };
  }
  throw toolFailure(tool, call, result);
}

/** Whether the account has one tenant, so that the tool accepts no call that names any. */
function isTenantRefused({ tool, call }: ToolRun, result: CommandResult): boolean {
  const mayBe = result.exitCode !== 0 && call.tenantId !== undefined && tool.refusesTenant !== undefined;
  return mayBe && tool.refusesTenant.test(errorTextOf(tool, result));
}

/** Runs one program, and once more without the tenant where its account has only one. */
async function ask(toolRun: ToolRun, file: string): Promise<ToolAnswer> {
  const { tool, call } = toolRun;
  const result = await run(toolRun, file);
  if (!isTenantRefused(toolRun, result)) return { answer: readAnswer(tool, call, result), isWithoutTenant: false };
  const ownTenant: Call = { ...call, tenantId: undefined };
  const again = await run({ ...toolRun, call: ownTenant }, file);
  return { answer: readAnswer(tool, ownTenant, again), isWithoutTenant: true };
}

/** Runs the programs one after the other until one is installed with everything it needs. */
export async function runTool(toolRun: ToolRun): Promise<ToolAnswer> {
  const { tool, context } = toolRun;
  let last: unknown = outcomeError("not-installed", `${tool.name}: ${notInstalled(tool)}`, { remedy: tool.install });
  for (const file of programsOf(tool, context)) {
    try {
      return await ask(toolRun, file);
    } catch (error) {
      if (!isIdentityError(error) || error.outcome !== "not-installed") throw error;
      last = error;
    }
  }
  throw last;
}
