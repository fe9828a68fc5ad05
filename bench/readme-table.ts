/**
 * The README quotes the main figures from results/. `pnpm bench` writes them there; this program
 * does so without measuring:
 *
 *     node bench/readme-table.ts            writes
 *     node bench/readme-table.ts --check    fails when the README says something else than results/
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { markdownTable } from "../tools/markdown-table.ts";
import { cellsOf } from "./harness/table.ts";
import type { Report } from "./report.ts";

/** Beginnings of figures as they are in results/, and what they are called in the README. */
const quoted = {
  "cached, default chain, as an SDK client, one caller": "cached token, default chain: time per call",
  "cached, default chain, as an SDK client, heap a call": "cached token, default chain: heap per call",
  "cold, 1 000 callers: requests": "1,000 callers without a token: requests",
  "cold, 1 000 callers: time": "1,000 callers without a token: time",
  "refresh falls due, at 200 calls/s: p99 of": "calls while a token is refreshed, 200/s: 99th percentile",
  "refresh meets 500, 600 calls": "600 calls during an outage: failed / delayed / requests sent",
  "endpoint down for 9 s, nothing cached": "9 s outage without a token: first token after its end",
  "import of core and plugin-entra: beyond": "import of core and plugin-entra, beyond bare Node.js",
  "process start to first token and exit, one source": "process that gets one token: start to exit",
  "installed: megabytes and packages, core and plugin-entra": "installed size, packages",
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

/** The README with the figures of a report. */
export function quoteReport(readme: string, report: Report): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`README.md has no place between ${begin} and ${end}.`);
  const missed = report.rows.filter(({ ok }) => !ok).length;
  const table = markdownTable([["", "azidentity", "`@azure/identity`", "floor"], ...quotedRows(report)]);
  const goals = missed === 0 ? "all reach their goals" : `${report.rows.length - missed} reach their goals`;
  const all = `[All ${report.rows.length} figures](bench/results/results.md)`;
  const text = `${table}\n\nNode.js ${report.node}, ${report.date}. ${all}; ${goals}.`;
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
