import { isIdentityError } from "@azidentity/core/plugin";
import { damageText, resultFaults } from "@azidentity/core/testing";
import { fuzzRuns, fuzzTimeoutMs, omitStackFrames } from "@azidentity/test-support";
import fc from "fast-check";
import { expect, it } from "vitest";
import { azureCliCases } from "./corpus/azure-cli.ts";
import { azureDeveloperCliCases } from "./corpus/azure-developer-cli.ts";
import { azurePowerShellCases } from "./corpus/azure-powershell.ts";
import { type Case, opaque } from "./corpus/case.ts";
import { type Program, runTool } from "./run-tool.ts";

const outputs = (cases: readonly Case[], stream: "stdout" | "stderr") =>
  cases
    .map((one) => one[stream] ?? "")
    .filter((text) => text !== "" && !(stream === "stderr" && text.includes(opaque)));

/** One of these texts with some defects. */
const damaged = (texts: readonly string[]) =>
  fc.tuple(fc.constantFrom(...texts), fc.nat()).map(([text, seed]) => damageText(text, seed));

/** What is wrong with the result of a source; none for a token, and for an error without one. */
function faultsOf(result: unknown): string[] {
  const { message, stack } = Object(result) as Partial<Error>;
  const showsToken = isIdentityError(result) && `${message}${stack}`.includes(opaque);
  return [...resultFaults(result), ...(showsToken ? [`It shows a token: ${message}`] : [])];
}

const corpora: readonly (readonly [Program, readonly Case[]])[] = [
  ["az", azureCliCases],
  ["pwsh", azurePowerShellCases],
  ["azd", azureDeveloperCliCases],
];

const runs = corpora.map(([program, cases]) =>
  fc.record({
    program: fc.constant(program),
    exitCode: fc.constantFrom(0, 0, 1, 2, 127, -1),
    stdout: fc.oneof(fc.constant(""), damaged(outputs(cases, "stdout"))),
    stderr: fc.oneof(fc.constant(""), damaged([...outputs(cases, "stderr"), "ERROR: It failed."])),
  }),
);

omitStackFrames();

it(
  "10 000 damaged outputs of the tools are each a token, or an error of ours in the right form",
  async () => {
    const property = fc.asyncProperty(fc.oneof(...runs), async ({ program, ...answer }) => {
      const result = await runTool({ program, answer: () => answer });
      const faults = faultsOf(result);
      if (faults.length > 0) expect(faults, String(result)).toEqual([]); // the condition is faster than expect
    });
    await fc.assert(property, fuzzRuns);
  },
  fuzzTimeoutMs,
);
