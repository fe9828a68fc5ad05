import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { abortReason, createClock } from "./clock.ts";

const never = new AbortController().signal;
const clock = createClock();

it("sleeps end in order", async () => {
  const order: string[] = [];
  const late = clock.sleep(5, never).then(() => order.push("late"));
  const soon = clock.sleep(1, never).then(() => order.push("soon"));
  await Promise.all([late, soon]);
  expect(order).toEqual(["soon", "late"]);
});

it("a sleep that is longer than the longest timer does not end at once", async () => {
  const controller = new AbortController();
  const age = clock.sleep(2 ** 31, controller.signal).then(() => "an age");
  const first = await Promise.race([age, clock.sleep(5, never).then(() => "a moment")]);
  controller.abort(new Error("enough"));
  await expect(age).rejects.toThrow("enough");
  expect(first).toBe("a moment");
});

it("an aborted sleep rejects with the reason of its signal", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const asleep = clock.sleep(3_600_000, controller.signal);
  controller.abort(reason);
  await expect(asleep).rejects.toBe(reason);
  await expect(clock.sleep(0, controller.signal)).rejects.toBe(reason);
});

it("an aborted sleep rejects with an error when the reason is not one", () => {
  expect(abortReason(AbortSignal.abort("stop"))).toMatchObject({ name: "AbortError", code: "cancelled" });
});

it("a clock has the wall time and a monotonic time", () => {
  expect(clock.now()).toBeGreaterThan(Date.UTC(2026, 0, 1));
  const earlier = clock.monotonic();
  expect(clock.monotonic()).toBeGreaterThanOrEqual(earlier);
});

/** Exit code and output of a program of its own that has a clock. */
function inProgram(script: string): unknown[] {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    const { createClock } = await import(${module("./clock.ts")});
    const { markBackground } = await import(${module("../async/abort.ts")});
    const clock = createClock();
    const controller = new AbortController();
    ${script}`;
  const options = { encoding: "utf8", timeout: 30_000 } as const;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], options);
  return [status, stdout.trim()];
}

it("a sleep keeps a program alive until it is aborted", () => {
  const script = `
    clock.sleep(3_600_000, controller.signal).catch(() => undefined);
    await clock.sleep(10, new AbortController().signal);
    controller.abort();
    console.log("awake");`;
  expect(inProgram(script)).toEqual([0, "awake"]);
});

it("a sleep of background work does not keep a program alive", () => {
  const script = `
    markBackground(controller.signal);
    clock.sleep(3_600_000, controller.signal);
    console.log("done");`;
  expect(inProgram(script)).toEqual([0, "done"]);
});
