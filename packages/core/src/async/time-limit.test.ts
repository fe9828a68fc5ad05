import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { outcomeError } from "../errors/outcome-error.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { isBackground, markBackground } from "./abort.ts";
import { withinTime } from "./time-limit.ts";

const hang = () => new Promise<never>(() => undefined);
const late = () => outcomeError("unreachable", "No connection.");

it("work that takes too long ends with the error of its limit", async () => {
  const clock = createFakeClock();
  const ended = expect(
    withinTime({ clock, ms: 1_000, late }, new AbortController().signal, hang),
  ).rejects.toMatchObject({ outcome: "unreachable" });
  await clock.advance(1_000);
  await ended;
});

it.each([true, false])("a time limit marks its signal as background when the outer one is: %s", async (background) => {
  const outer = new AbortController();
  if (background) markBackground(outer.signal);
  const limit = { clock: createFakeClock(), ms: 1_000, late };
  expect(await withinTime(limit, outer.signal, async (signal) => isBackground(signal))).toBe(background);
});

it("a time limit starts a timer of a clock that has timers, and stops it when the work is done", async () => {
  const stopped: number[] = [];
  const clock = { ...createFakeClock(), startTimer: (ms: number) => () => void stopped.push(ms) };
  expect(await withinTime({ clock, ms: 1_000, late }, new AbortController().signal, async () => "done")).toBe("done");
  expect(stopped).toEqual([1_000]);
});

it("a time limit ends with the outer signal, and then removes its listener", async () => {
  const outer = new AbortController();
  const ended = withinTime({ clock: createFakeClock(), ms: 1_000, late }, outer.signal, hang);
  outer.abort(new Error("gone"));
  await expect(ended).rejects.toThrow("gone");
  expect(getEventListeners(outer.signal, "abort")).toEqual([]);
});
