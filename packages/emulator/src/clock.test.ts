import { expect, it } from "vitest";
import { createClock } from "./clock.ts";

it("the clock follows the system time until it is set", () => {
  let realTime = 1000;
  const clock = createClock(() => realTime);

  realTime = 2000;
  expect(clock.now()).toBe(2000);

  clock.advance(500);
  realTime = 3000;
  expect(clock.now()).toBe(3500);
});

it("a clock that was set moves only by advance", () => {
  let realTime = 1000;
  const clock = createClock(() => realTime);
  clock.advance(99);

  clock.set(50_000);
  realTime = 2000;
  expect(clock.now()).toBe(50_000);

  clock.advance(-1000);
  expect(clock.now()).toBe(49_000);
});

it.each([Number.NaN, Infinity])("the clock rejects %s", (value) => {
  const clock = createClock();
  expect(() => clock.set(value)).toThrow(RangeError);
  expect(() => clock.advance(value)).toThrow(RangeError);
});
