/**
 * The README quotes the main figures from results/. `pnpm bench` writes them there; this program does so without measuring:
 *
 *     node bench/readme-table.ts            writes
 *     node bench/readme-table.ts --check    fails when the README says something else than results/
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cellsOf } from "./harness/table.ts";
import type { Report } from "./report.ts";

/** Beginnings of figures as they are in results/, and what they are called in the README. */
const quoted = {
  "cached, default chain, as an SDK client, one caller": "a cached token, through the default chain",
  "cached, default chain, as an SDK client, heap a call": "memory for it",
  "cold, 1 000 callers: requests": "1 000 callers and no token yet: requests",
  "cold, 1 000 callers: time": "the same: time",
  "refresh falls due, 4 times, at 200 calls/s: p99,": "a refresh falls due at 200 calls/s: the 99th percentile",
  "refresh meets 500, 600 calls": "it meets an outage, 600 calls: rejected / blocked / requests",
  "endpoint down for 9 s, nothing cached": "an outage of 9 s and no token yet: a token after its end",
  "import of core and plugin-entra: beyond": "import of core and plugin-entra, beyond bare Node",
  "process start to first token and exit, one source": "a process, from its start to its end, for one token",
  "installed: megabytes and packages, core and plugin-entra": "installed: size, packages",
};

const begin = "<!-- measured: bench/readme-table.ts writes what stands between these comments -->";
const end = "<!-- /measured -->";

function quotedRows({ rows }: Report): string[][] {
  return Object.entries(quoted).map(([beginning, name]) => {
    const row = rows.find(({ figure }) => `${figure},`.startsWith(beginning));
    if (row === undefined) throw new Error(`results.json has no figure "${beginning}".`);
    const [, ours = "", peer = "", floor = ""] = cellsOf(row);
    return [name, ours, peer, floor];
  });
}

/** Padded, as the formatter of the README would have it. */
function alignedTable(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  return lines.toSpliced(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`).join("\n");
}

/** The README with the figures of a report. */
export function quoteReport(readme: string, report: Report): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`README.md has no place between ${begin} and ${end}.`);
  const missed = report.rows.filter(({ ok }) => !ok).length;
  const table = alignedTable([["", "azidentity", "`@azure/identity`", "floor"], ...quotedRows(report)]);
  const goals =
    missed === 0
      ? `All ${report.rows.length} figures reach their goals`
      : `${report.rows.length - missed} of ${report.rows.length} figures reach their goals`;
  const text = `${table}\n\n${goals}; [all of them](bench/results/results.md), Node.js ${report.node}, ${report.date}.`;
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}

const readmeFile = join(import.meta.dirname, "../README.md");

/** Puts the figures of a report into the README. */
export async function writeReadme(report: Report): Promise<void> {
  await writeFile(readmeFile, quoteReport(await readFile(readmeFile, "utf8"), report));
}

if (import.meta.main) {
  const report = JSON.parse(await readFile(join(import.meta.dirname, "results/results.json"), "utf8")) as Report;
  const readme = await readFile(readmeFile, "utf8");
  if (!process.argv.includes("--check")) await writeReadme(report);
  else if (quoteReport(readme, report) !== readme) {
    console.error("README.md quotes other figures than bench/results has. Type: node bench/readme-table.ts");
    process.exitCode = 1;
  }
}
