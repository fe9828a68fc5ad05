import fc from "fast-check";
import { expect, it } from "vitest";
import { runSequence } from "./isolation/run.ts";
import { sequences } from "./isolation/themes.ts";
import { tempFolder } from "./temp-folder.ts";

it("no answer speaks for a principal other than a fresh process would have answered with when its acquisition began", async () => {
  const folder = tempFolder();
  // modules of core are loaded when they are first needed, which takes time that no fake clock
  // knows of
  for (const [setup, steps] of fc.sample(sequences, { numRuns: 30, seed: 1 })) await runSequence(folder, setup, steps);
  let asked = 0;
  let answered = 0;
  const right = fc.asyncProperty(sequences, async ([setup, steps]) => {
    const outcome = await runSequence(folder, setup, steps);
    asked += outcome.asked;
    answered += outcome.answered;
    if (outcome.faults.length > 0) throw new Error([...outcome.faults, "after:", ...outcome.transcript].join("\n"));
  });
  await fc.assert(right, { numRuns: 1_000 });
  expect(answered / asked).toBeGreaterThan(0.6);
}, 120_000);
