import { resolve } from "node:path";
import type { RunCommand } from "../command-line/description.ts";
import { write, writeJson } from "../terminal/write.ts";
import { checkMigration } from "./check.ts";
import { renderReport } from "./render.ts";
import { reportJson } from "./report.ts";

/** Says what a switch from `@azure/identity` to the drop-in takes. */
export const run: RunCommand = async ({ options, arguments: [folder = "."] }, host) => {
  const path = resolve(host.workingDirectory, folder);
  const report = await checkMigration(path, host.signal);
  if (options.json === true) await writeJson(host.output, reportJson(report));
  else await write(host.output, renderReport(report, path, host));
  return undefined;
};
