/**
 * `pnpm stress`: the file store with many processes. Prints results, and how long it takes just to
 * start as many processes; fails if data was lost or an operation took too long. Times are
 * meaningful only on an idle machine.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { manyKills, manyStarters, manyWriters, startsAlone } from "./scenarios.ts";

const folder = mkdtempSync(join(tmpdir(), "azidentity-stress-"));
const load = () => `load ${loadavg()[0]?.toFixed(1)}`;
console.log(`       before: ${load()}; 150 processes that do nothing: ${(await startsAlone(150)).toFixed(1)} s`);
const rows: { what: string; result: string; ok: boolean }[] = [];
try {
  const writers = await manyWriters(join(folder, "writers"), 150, 20);
  rows.push({
    what: "150 processes × 20 writes of a shared entry and of one of their own",
    result: `${writers.missing} lost, ${writers.seconds.toFixed(1)} s, ${writers.leftovers} leftovers`,
    ok: writers.missing === 0 && writers.leftovers === 0 && writers.seconds <= 30,
  });
  const starters = await manyStarters(join(folder, "starters"), 60);
  rows.push({
    what: "60 processes that start at once and want one token",
    result: `${starters.requests} requests, ${starters.tokens} tokens, ${starters.seconds.toFixed(1)} s`,
    ok: starters.requests <= 2,
  });
  const kills = await manyKills(join(folder, "kills"), 200);
  rows.push({
    what: "200 × kill -9 while writing",
    result: `${kills.corrupt} corrupt, next write at most ${kills.slowestMs.toFixed(0)} ms`,
    ok: kills.corrupt === 0 && kills.slowestMs <= 1_000,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const { what, result, ok } of rows) console.log(`${ok ? "ok    " : "FAILED"} ${what}: ${result}`);
console.log(`       after: ${load()}`);
process.exitCode = rows.length === 3 && rows.every(({ ok }) => ok) ? 0 : 1;
