import { expect, it } from "vitest";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createCircuitBreaker } from "./circuit-breaker.ts";

const hang = () => new Promise<never>(() => undefined);

function setUp(slowness = 1) {
  const clock = createFakeClock();
  const slow = { ...clock, sleep: (ms: number, signal: AbortSignal) => clock.sleep(slowness * ms, signal) };
  return { clock, breaker: createCircuitBreaker({ clock: slow, timeoutMs: 3_000, cooldownMs: 60_000 }) };
}

it("a call settles as its work does, and leaves the circuit closed", async () => {
  const { breaker, clock } = setUp();
  expect(await breaker.run(async () => "value")).toBe("value");
  await expect(breaker.run(() => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  expect(breaker.isOpen).toBe(false);
  expect(clock.sleepers).toBe(0);
});

it("a timeout rejects the call and opens the circuit for the cooldown", async () => {
  const { breaker, clock } = setUp();
  const call = breaker.run(hang).catch((error: Error) => error.message);
  await clock.advance(2_999);
  expect(breaker.isOpen).toBe(false);
  await clock.advance(1);
  expect(await call).toBe("no answer within 3 s");
  await clock.advance(59_999);
  expect(breaker.isOpen).toBe(true);
  await clock.advance(1);
  expect(breaker.isOpen).toBe(false);
});

it("a call that succeeds closes a circuit that was tripped", async () => {
  const { breaker } = setUp();
  breaker.trip();
  expect(breaker.isOpen).toBe(true);
  await breaker.run(async () => undefined);
  expect(breaker.isOpen).toBe(false);
});

it("a process that hardly runs does not count as a service that hangs", async () => {
  const { breaker, clock } = setUp(10);
  const answer = Promise.withResolvers<string>();
  const call = breaker.run(() => answer.promise);
  await clock.advance(20_000);
  answer.resolve("late, but here");
  expect(await call).toBe("late, but here");
});

it("only a call in the background lets the process exit while it waits", async () => {
  const { breaker, clock } = setUp();
  void breaker.run(hang, true).catch(() => undefined);
  expect([clock.sleepers, clock.awaitedSleepers]).toEqual([1, 0]);
  void breaker.run(hang).catch(() => undefined);
  expect([clock.sleepers, clock.awaitedSleepers]).toEqual([2, 1]);
});
