import type { CommandInput } from "../command-line/description.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { writeJson, writeLine } from "../terminal/write.ts";
import { withStore } from "./open-store.ts";

/** `azid cache where`. */
export async function run(input: CommandInput, host: Host): Promise<ExitCode | undefined> {
  const found = await withStore(input, host, async ({ name, store, diagnose }) => ({
    store: name,
    ...(await store.place?.()),
    problem: await diagnose(),
  }));
  if (input.options.json === true) await writeJson(host.output, found);
  else {
    const lines = Object.entries(found).filter(([, value]) => value !== undefined);
    for (const [title, value] of lines) await writeLine(host.output, `${title.padEnd(9)}${plainLine(String(value))}`);
  }
  return found.problem === undefined ? undefined : exitCodes.failed.code;
}
