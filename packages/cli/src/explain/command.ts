import { inspectIdentity } from "@azidentity/core/inspect";
import type { CommandInput } from "../command-line/description.ts";
import { describeError } from "../errors/describe-error.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { scopeOrManagement } from "../scope/management-scope.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf } from "../terminal/width.ts";
import { write, writeJson } from "../terminal/write.ts";
import { reportOf } from "./explanation-report.ts";
import { explanationLines } from "./render-explanation.ts";

/** Walks the chain past every cache, without a prompt, and says what each source answered. */
export async function run(input: CommandInput, host: Host): Promise<ExitCode | undefined> {
  const { options } = input;
  const settings = identitySettingsOf(input);
  const scopeOf = scopeOrManagement(options.scope);
  const { source, chain = source && [source], tenantId } = settings;
  const { identity, close } = await openIdentity(host, settings);
  try {
    const inspection = await inspectIdentity(identity);
    const asked = { tenantId, abortSignal: host.signal, chain };
    const explanation = await inspection.explain(scopeOf(inspection.context), asked);
    if (host.signal.aborted) return undefined; // its last attempt says only that the user has ended it
    const names = chain === undefined ? inspection.chain.map(({ name }) => name) : [];
    const report = reportOf(explanation, names, inspection.settings.policy);
    if (options.json === true) await writeJson(host.output, report);
    else {
      const look = { width: columnsOf(host.output), style: styleOf(host.output, host), now: host.now() };
      await write(host.output, `${explanationLines(report, look).join("\n")}\n`);
    }
    return explanation.error === undefined ? undefined : describeError(explanation.error).exitCode;
  } finally {
    await close();
  }
}
