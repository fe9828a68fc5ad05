import type { CommandInput } from "../../command-line/description.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import type { Host } from "../../host.ts";
import { isLive } from "../../terminal/live-area.ts";
import { styleOf } from "../../terminal/style.ts";
import { columnsOf } from "../../terminal/width.ts";
import { write, writeJson } from "../../terminal/write.ts";
import { loadPlugin } from "./load-plugin.ts";
import { locatePlugin } from "./locate-plugin.ts";
import { readOptions } from "./read-options.ts";
import { requireTrust } from "./require-trust.ts";
import { verifyPlugin } from "./verify-plugin.ts";
import { findingLines } from "./verify-report.ts";

/** Loads a plugin, and checks its shape, its package and the contract of its sources. */
export async function run(
  { arguments: [path = "."], options }: CommandInput,
  host: Host,
): Promise<ExitCode | undefined> {
  const place = locatePlugin(path, host.workingDirectory);
  const given = readOptions(options.options, host);
  await requireTrust(place.entry, host);
  const findings = await verifyPlugin(await loadPlugin(place.entry), place, given, host.signal);
  const isSound = findings.every(({ state }) => state !== "problem");
  if (options.json === true) await writeJson(host.output, { entry: place.entry, sound: isSound, findings });
  else {
    const look = {
      width: columnsOf(host.output),
      style: styleOf(host.output, host),
      hasSigns: isLive(host.output, host),
    };
    await write(host.output, `${findingLines(findings, look).join("\n")}\n`);
  }
  return isSound ? undefined : exitCodes.failed.code;
}
