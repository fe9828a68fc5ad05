/**
 * Measures azidentity, `@azure/identity` and the floor, the least work with the same result. Prints
 * a table, and writes it to results/ and its main figures to the README.
 *
 *     pnpm bench                  all groups; takes some minutes
 *     pnpm bench --quick          rougher figures, without long waits
 *     pnpm bench --only hit       one group; can be repeated; leaves results/ unchanged
 */
import { fork } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { groups } from "./group.ts";
import type { Row } from "./harness/row.ts";
import { cellsOf, printedHeadings, printedRow } from "./harness/table.ts";
import { writePages } from "./readme-table.ts";
import { reportJson, reportMarkdown } from "./report.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string", multiple: true } },
});

/** Exposes garbage collection, with a young generation large enough for harness/heap.ts. */
const nodeOptions = ["--expose-gc", "--max-semi-space-size=128", "--min-semi-space-size=128"];

async function measure(name: string): Promise<Row[]> {
  const rows: Row[] = [];
  const child = fork(join(import.meta.dirname, "run-group.ts"), [name, values.quick ? "quick" : "full"], {
    execArgv: nodeOptions,
    serialization: "advanced",
  });
  child.on("message", (row: Row) => {
    rows.push(row);
    console.log(printedRow(cellsOf(row)));
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`The group ${name} ended with exit code ${code}.`);
  return rows;
}

const selected = groups.filter(({ name }) => values.only?.includes(name) ?? true);
const unknown = values.only?.filter((name) => !groups.some((group) => group.name === name)) ?? [];
if (unknown.length > 0) throw new Error(`Unknown group: ${unknown}. Groups: ${groups.map(({ name }) => name)}.`);

const started = performance.now();
console.log(printedHeadings);
const busy: Row[] = [];
for (const { name, waits } of selected) {
  if (!waits) busy.push(...(await measure(name)));
}
const waiting = await Promise.all(selected.filter(({ waits }) => waits).map(({ name }) => measure(name)));
const rows = [...busy, ...waiting.flat()];

const seconds = Math.round((performance.now() - started) / 1000);
const missed = rows.filter(({ ok }) => !ok).length;
console.log(`\n${rows.length} figures, ${missed} missed, in ${seconds} s.`);
if (values.only === undefined) {
  const folder = join(import.meta.dirname, "results");
  const date = new Date().toISOString().slice(0, 10);
  const report = { node: process.version, date, quick: values.quick, rows };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "results.json"), reportJson(report));
  await writeFile(join(folder, "results.md"), reportMarkdown(report));
  await writePages(report);
}
