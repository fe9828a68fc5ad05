/**
 * Runs all cases in the runtime that runs this file, and writes one line of JSON for each: its area
 * and name, and "ok" or what it failed with. The argument is a file with what the cases meet
 * (world.ts).
 */
import { readFileSync } from "node:fs";
import { areas } from "./cases.mjs";

const world = JSON.parse(readFileSync(process.argv[2], "utf8"));

/** The end of a case that does not end: a hang is a failure with a name. */
const limitMs = 60_000;

function withinLimit(work) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No end after ${limitMs} ms.`)), limitMs);
  });
  return Promise.race([work(), limit]).finally(() => clearTimeout(timer));
}

for (const [area, cases] of Object.entries(areas)) {
  for (const [name, work] of Object.entries(cases)) {
    const result = await withinLimit(() => work(world)).then(
      () => ({ outcome: "ok" }),
      ({ code = "no code", stack }) => ({ outcome: code, stack }),
    );
    console.log(JSON.stringify({ area, name, ...result }));
  }
}
process.exit(0);
