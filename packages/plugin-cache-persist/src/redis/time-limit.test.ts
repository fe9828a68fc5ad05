import { createFakeClock } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createTimeLimit } from "./time-limit.ts";

const never = () => new Promise<never>(() => {});

function setUp() {
  const clock = createFakeClock();
  const limit = createTimeLimit(clock, 500);
  /** When work that never answers is given up, in milliseconds from now. */
  const givenUp = async (ms?: number) => {
    const started = clock.monotonic();
    await limit.run(never, ms).catch(() => undefined);
    return clock.monotonic() - started;
  };
  return { clock, limit, givenUp };
}

it("passes on what comes, and what fails", async () => {
  const { limit } = setUp();
  expect(await limit.run(async () => "value")).toBe("value");
  await expect(limit.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
});

it("gives each the time that it has, whenever it came", async () => {
  const { clock, limit, givenUp } = setUp();
  const first = givenUp();
  await clock.advance(100);
  const longer = givenUp(2_000);
  await clock.advance(100);
  const second = givenUp();
  await limit.run(async () => "value");
  await clock.advance(3_000);
  expect(await Promise.all([first, second, longer])).toEqual([500, 500, 2_000]);
});

it("has one timer at most, and none when nothing is waited for", async () => {
  const { clock, limit, givenUp } = setUp();
  for (let n = 0; n < 100; n++) await limit.run(async () => n);
  void givenUp();
  expect(clock.sleepers).toBe(1);
  await clock.advance(1_000);
  expect(clock.sleepers).toBe(0);
});

it("watches again after it had nothing to watch", async () => {
  const { clock, limit, givenUp } = setUp();
  await limit.run(async () => "value");
  await clock.advance(10_000);
  const late = givenUp();
  await clock.advance(500);
  expect(await late).toBe(500);
});

it("ends what is waited for when it is closed, and takes nothing more", async () => {
  const { clock, limit } = setUp();
  const waiting = limit.run(never).catch((error) => error);
  limit.close(new Error("closed"));
  expect(await waiting).toMatchObject({ message: "closed" });
  await expect(limit.run(async () => "value")).rejects.toThrow("closed");
  expect(clock.sleepers).toBe(0);
});
