import { outcomeError } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createDoctorContext } from "../../test/doctor-context.ts";
import { checks } from "./checks.ts";
import { type Check, runChecks } from "./run-checks.ts";

const quiet = { onFinding: () => {}, onEnd: () => {} };
const check = (name: string, run: Check["run"]): Check => ({ name, limitMs: 5_000, run });
const fine = { state: "ok", sentence: "Fine." } as const;

it("checks run side by side, and their results are in the order of the list", async () => {
  const first = Promise.withResolvers<void>();
  const list = [
    check("waits for the next", async () => {
      await first.promise;
      return [fine];
    }),
    check("ends", async () => {
      first.resolve();
      return [fine];
    }),
  ];
  const results = await runChecks(list, createDoctorContext(), quiet);
  expect(results.map(({ name }) => name)).toEqual(["waits for the next", "ends"]);
});

it("a check that does not end is given up, and what it has found stays", async () => {
  const clock = createFakeClock();
  const list = [
    check("hangs", (_, onFinding) => {
      onFinding(fine);
      return new Promise(() => {});
    }),
  ];
  const running = runChecks(list, createDoctorContext({ context: { clock } }), quiet);
  clock.advance(5_000);
  expect((await running)[0]?.findings).toEqual([
    fine,
    {
      state: "problem",
      sentence: 'The check "hangs" had not ended after 5 s.',
      remedy: "See what it waits for: azid explain",
      code: "timeout",
    },
  ]);
});

it("a check that throws is a finding: with code and remedy where the error has them", async () => {
  const error = outcomeError("misconfigured", "No scope.", { code: "no-scope", remedy: "Name one." });
  const results = await runChecks(
    [check("a", () => Promise.reject(error)), check("b", () => Promise.reject(new Error("Oops.")))],
    createDoctorContext(),
    quiet,
  );
  expect(results.map(({ findings }) => findings[0])).toEqual([
    { state: "problem", sentence: "No scope.", remedy: "Name one.", code: "no-scope" },
    { state: "warning", sentence: 'The check "b" failed: Oops.' },
  ]);
});

it("Ctrl-C ends all checks", async () => {
  const controller = new AbortController();
  const context = createDoctorContext({ signal: controller.signal });
  const running = runChecks([check("hangs", () => new Promise(() => {}))], context, quiet);
  controller.abort(new Error("interrupted"));
  await expect(running).rejects.toThrow("interrupted");
});

it("each check of the list has a name of its own and a limit", () => {
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  for (const { limitMs } of checks) expect(limitMs).toBeGreaterThan(0);
});
