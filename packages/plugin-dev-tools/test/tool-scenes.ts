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

/** What a tool is asked for, and what it answers. */
export interface Scene {
  readonly program: Program;
  readonly answer?: FakeProgram;
  readonly options?: object;
  readonly request?: Partial<TokenRequest>;
  readonly context?: Partial<SourceContext>;
}

/** The token of a source, or what it rejects with. The clock is an hour before the corpus expires. */
export async function play({ program, answer, options = {}, request = {}, context = {} }: Scene): Promise<unknown> {
  const commands = createFakeCommands(answer === undefined ? {} : { [program]: answer });
  const env = { HOME: "/nowhere", USERPROFILE: "/nowhere" };
  const given = createTestContext({ commands, clock: createFakeClock(expires - 3_600_000), env });
  const credential = await sources[program].create(options, { ...given, ...context });
  return credential.getToken(createTestRequest(request)).catch((error: unknown) => error);
}
