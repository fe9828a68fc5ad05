import type { SourceContext, TokenRequest } from "@azidentity/core/plugin";
import {
  createFakeClock,
  createFakeCommands,
  createTestContext,
  createTestRequest,
  type FakeProgram,
} from "@azidentity/core/testing";
import { azureCli } from "../src/sources/azure-cli.ts";
import { azureDeveloperCli } from "../src/sources/azure-developer-cli.ts";
import { azurePowerShell } from "../src/sources/azure-powershell.ts";
import { expires } from "./corpus/case.ts";

export const sources = {
  az: azureCli,
  azd: azureDeveloperCli,
  pwsh: azurePowerShell,
} as const;
export type Program = keyof typeof sources;

/** A request for a token, and the answer of the tool. */
export interface ToolCall {
  readonly program: Program;
  readonly answer?: FakeProgram;
  readonly options?: object;
  readonly request?: Partial<TokenRequest>;
  readonly context?: Partial<SourceContext>;
}

/**
 * Requests a token from a source; returns the token or the error. The clock is an hour before the
 * corpus expires.
 */
export async function runTool({
  program,
  answer,
  options = {},
  request = {},
  context = {},
}: ToolCall): Promise<unknown> {
  const commands = createFakeCommands(answer === undefined ? {} : { [program]: answer });
  const env = { HOME: "/nowhere", USERPROFILE: "/nowhere" };
  const defaults = createTestContext({ commands, clock: createFakeClock(expires - 3_600_000), env });
  const credential = await sources[program].create(options, { ...defaults, ...context });
  return credential.getToken(createTestRequest(request)).catch((error: unknown) => error);
}
