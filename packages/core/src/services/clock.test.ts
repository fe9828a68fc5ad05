import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { abortReason, createClock } from "./clock.ts";

const never = new AbortController().signal;
const clock = createClock();

it("wakes up in order", async () => {
  const order: string[] = [];
  const late = clock.sleep(5, never).then(() => order.push("late"));
  const soon = clock.sleep(1, never).then(() => order.push("soon"));
  await Promise.all([late, soon]);
  expect(order).toEqual(["soon", "late"]);
});

it("does not wake up at once from a sleep that is longer than a timer can be", async () => {
  const controller = new AbortController();
  const age = clock.sleep(2 ** 31, controller.signal).then(() => "an age");
  const first = await Promise.race([age, clock.sleep(5, never).then(() => "a moment")]);
  controller.abort(new Error("enough"));
  await expect(age).rejects.toThrow("enough");
  expect(first).toBe("a moment");
});

it("wakes up with the signal's own reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const asleep = clock.sleep(3_600_000, controller.signal);
  controller.abort(reason);
  await expect(asleep).rejects.toBe(reason);
  await expect(clock.sleep(0, controller.signal)).rejects.toBe(reason);
});

it("gives a reason when the signal's is no error", () => {
  expect(abortReason(AbortSignal.abort("stop"))).toMatchObject({ name: "AbortError", code: "cancelled" });
});

it("tells the time of the wall, and a time that never goes back", () => {
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

it("keeps a program alive that waits for it, and not one that has stopped waiting", () => {
  const script = `
    clock.sleep(3_600_000, controller.signal).catch(() => undefined);
    await clock.sleep(10, new AbortController().signal);
    controller.abort();
    console.log("awake");`;
  expect(inProgram(script)).toEqual([0, "awake"]);
});

it("does not keep a program alive for work that nobody waits for", () => {
  const script = `
    markBackground(controller.signal);
    clock.sleep(3_600_000, controller.signal);
    console.log("done");`;
  expect(inProgram(script)).toEqual([0, "done"]);
});
