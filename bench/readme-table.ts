/**
 * The README and the recipe for tools quote figures from results/. `pnpm bench` writes them there;
 * this program does so without measuring:
 *
 *     node bench/readme-table.ts            writes
 *     node bench/readme-table.ts --check    fails when a page says something else than results/
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { markdownTable } from "../tools/markdown-table.ts";
import { cellsOf } from "./harness/table.ts";
import type { Report } from "./report.ts";

/** Beginnings of figures as they are in results/, and what they are called on a page. */
type Quoted = Readonly<Record<string, string>>;

const readme: Quoted = {
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

const tools: Quoted = {
  "import of core and plugin-dev-tools: beyond": "import, beyond bare Node.js; of `@azure/identity`",
  "new process, azure-cli's token from the file store": "stored token: import to token; by `az`",
  "azid token from the file store, whole process": "stored token, `azid token`: start to exit; of `az`",
  "bun build --compile --minify --bytecode": "new token, one file by `bun build --compile --bytecode`: start to exit",
  "azid serve: a token that it has": "one answer of `azid serve`",
};

interface Page {
  readonly file: string;
  readonly quoted: Quoted;
  /** Headings of the columns: name, ours, the peer's, the floor. */
  readonly columns: readonly string[];
  /** From the page to the results. */
  readonly results: string;
}

const pages: readonly Page[] = [
  {
    file: "README.md",
    quoted: readme,
    columns: ["", "azidentity", "`@azure/identity`", "floor"],
    results: "bench/results/results.md",
  },
  {
    file: "docs/recipes/command-line-tool.md",
    quoted: tools,
    columns: ["", "azidentity", "beside it"],
    results: "../../bench/results/results.md",
  },
];

const begin = "<!-- measured: bench/readme-table.ts writes what stands between these comments -->";
const end = "<!-- /measured -->";

function quotedRows({ rows }: Report, quoted: Quoted): string[][] {
  return Object.entries(quoted).map(([beginning, name]) => {
    const row = rows.find(({ figure }) => `${figure},`.startsWith(beginning));
    if (row === undefined) throw new Error(`results.json has no figure "${beginning}".`);
    const [, ours = "", peer = "", floor = ""] = cellsOf(row);
    return [name, ours, peer, floor];
  });
}

/** The text of a page with the figures of a report. */
function quoteReport(text: string, { file, quoted, columns, results }: Page, report: Report): string {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} has no place between ${begin} and ${end}.`);
  const missed = report.rows.filter(({ ok }) => !ok).length;
  const rows = quotedRows(report, quoted).map((cells) => cells.slice(0, columns.length));
  const table = markdownTable([[...columns], ...rows]);
  const goals = missed === 0 ? "all reach their goals" : `${report.rows.length - missed} reach their goals`;
  const all = `[All ${report.rows.length} figures](${results})`;
  return `${before}${begin}\n\n${table}\n\nNode.js ${report.node}, ${report.date}. ${all}; ${goals}.\n\n${end}${after}`;
}

const root = join(import.meta.dirname, "..");

/** Puts the figures of a report into the pages; returns those that were different. */
async function update(report: Report, write: boolean): Promise<string[]> {
  const changed = await Promise.all(
    pages.map(async (page) => {
      const path = join(root, page.file);
      const text = await readFile(path, "utf8");
      const updated = quoteReport(text, page, report);
      if (updated !== text && write) await writeFile(path, updated);
      return updated === text ? [] : [page.file];
    }),
  );
  return changed.flat();
}

/** Puts the figures of a report into the pages. */
export async function writePages(report: Report): Promise<void> {
  await update(report, true);
}

if (import.meta.main) {
  const report = JSON.parse(await readFile(join(import.meta.dirname, "results/results.json"), "utf8")) as Report;
  const isCheck = process.argv.includes("--check");
  const different = await update(report, !isCheck);
  if (isCheck && different.length > 0) {
    const files = different.join(" and ");
    console.error(`Other figures than bench/results has: ${files}. Type: node bench/readme-table.ts`);
    process.exitCode = 1;
  }
}
