/**
 * `pnpm stress`: the file store under many processes. Prints what came of it beside what just starting the processes costs here and now, and
 * fails when anything was lost or took too long. Times mean something on a machine that has nothing else to do.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { manyKills, manyStarters, manyWriters, startsAlone } from "./scenarios.ts";

const folder = mkdtempSync(join(tmpdir(), "azidentity-stress-"));
const load = () => `load ${loadavg()[0]?.toFixed(1)}`;
console.log(`       before: ${load()}; 150 processes that do nothing: ${(await startsAlone(150)).toFixed(1)} s`);
const rows: { what: string; came: string; ok: boolean }[] = [];
try {
  const writers = await manyWriters(join(folder, "writers"), 150, 20);
  rows.push({
    what: "150 processes × 20 writes of a shared entry and of one of their own",
    came: `${writers.missing} lost, ${writers.seconds.toFixed(1)} s, ${writers.leftovers} leftovers`,
    ok: writers.missing === 0 && writers.leftovers === 0 && writers.seconds <= 30,
  });
  const starters = await manyStarters(join(folder, "starters"), 60);
  rows.push({
    what: "60 processes that start at once and want one token",
    came: `${starters.requests} requests, ${starters.tokens} tokens, ${starters.seconds.toFixed(1)} s`,
    ok: starters.requests <= 2,
  });
  const kills = await manyKills(join(folder, "kills"), 200);
  rows.push({
    what: "200 × kill -9 while writing",
    came: `${kills.corrupt} corrupt, next write at most ${kills.slowestMs.toFixed(0)} ms`,
    ok: kills.corrupt === 0 && kills.slowestMs <= 1_000,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const { what, came, ok } of rows) console.log(`${ok ? "ok    " : "FAILED"} ${what}: ${came}`);
console.log(`       after: ${load()}`);
process.exitCode = rows.length === 3 && rows.every(({ ok }) => ok) ? 0 : 1;
