import { createFakeClock } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createTimeLimit } from "./time-limit.ts";

const never = () => new Promise<never>(() => {});

function setUp() {
  const clock = createFakeClock();
  const limit = createTimeLimit(clock, 500);
  /** How long work that never settles takes to time out, in milliseconds. */
  const timeToLimit = async (ms?: number) => {
    const started = clock.monotonic();
    await limit.run(never, ms).catch(() => undefined);
    return clock.monotonic() - started;
  };
  return { clock, limit, timeToLimit };
}

it("a call settles as its work does", async () => {
  const { limit } = setUp();
  expect(await limit.run(async () => "value")).toBe("value");
  await expect(limit.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
});

it("each call has its own time limit, whenever it starts", async () => {
  const { clock, limit, timeToLimit } = setUp();
  const first = timeToLimit();
  await clock.advance(100);
  const longer = timeToLimit(2_000);
  await clock.advance(100);
  const second = timeToLimit();
  await limit.run(async () => "value");
  await clock.advance(3_000);
  expect(await Promise.all([first, second, longer])).toEqual([500, 500, 2_000]);
});

it("pending calls share one timer, and without calls there is none", async () => {
  const { clock, limit, timeToLimit } = setUp();
  for (let n = 0; n < 100; n++) await limit.run(async () => n);
  void timeToLimit();
  expect(clock.sleepers).toBe(1);
  await clock.advance(1_000);
  expect(clock.sleepers).toBe(0);
});

it("a call after a pause has its full time limit", async () => {
  const { clock, limit, timeToLimit } = setUp();
  await limit.run(async () => "value");
  await clock.advance(10_000);
  const late = timeToLimit();
  await clock.advance(500);
  expect(await late).toBe(500);
});

it("closing rejects pending and later calls", async () => {
  const { clock, limit } = setUp();
  const waiting = limit.run(never).catch((error) => error);
  limit.close(new Error("closed"));
  expect(await waiting).toMatchObject({ message: "closed" });
  await expect(limit.run(async () => "value")).rejects.toThrow("closed");
  expect(clock.sleepers).toBe(0);
});
