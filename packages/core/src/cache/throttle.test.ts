import { expect, it } from "vitest";
import { outcomeError } from "../errors/outcome-error.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createThrottle, noteThrottling, refuseThrottled, throttledUntil } from "./throttle.ts";

const throttled = (message: string) => outcomeError("throttled", message, { retryAfterMs: 60_000 });

it("a throttle remembers the thousand tenants that were noted last and forgets the others", () => {
  const throttle = createThrottle(createFakeClock());
  const names = Array.from({ length: 2_000 }, (_, n) => `tenant-${n}`);
  for (const name of names) noteThrottling(throttle, name, throttled(name));
  const held = names.filter((name) => throttledUntil(throttle, name) > 0);
  expect(held).toEqual(names.slice(1_000));
  expect(() => refuseThrottled(throttle, "tenant-1999")).toThrow("tenant-1999");
  expect(() => refuseThrottled(throttle, "tenant-0")).not.toThrow();
});

it("a tenant that is throttled again counts as the newest", () => {
  const throttle = createThrottle(createFakeClock());
  noteThrottling(throttle, "again", throttled("first"));
  for (let n = 0; n < 999; n++) noteThrottling(throttle, `tenant-${n}`, throttled("other"));
  noteThrottling(throttle, "again", throttled("second"));
  noteThrottling(throttle, "one more", throttled("other"));
  expect(() => refuseThrottled(throttle, "again")).toThrow("second");
  expect(throttledUntil(throttle, "tenant-0")).toBe(0);
});

it("a tenant whose throttling has ended makes room before one that is still throttled is dropped", async () => {
  const clock = createFakeClock();
  const throttle = createThrottle(clock);
  noteThrottling(throttle, "long", throttled("long"));
  for (let n = 0; n < 999; n++)
    noteThrottling(throttle, `short-${n}`, outcomeError("throttled", "short", { retryAfterMs: 1_000 }));
  await clock.advance(1_000);
  noteThrottling(throttle, "one more", throttled("one more"));
  expect(() => refuseThrottled(throttle, "long")).toThrow("long");
});
