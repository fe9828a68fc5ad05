import { expect, it } from "vitest";
import { outcomeError } from "../errors/outcome-error.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createThrottle } from "./throttle.ts";

const throttled = (message: string) => outcomeError("throttled", message, { retryAfterMs: 60_000 });

it("a throttle remembers the thousand tenants that were noted last and forgets the others", () => {
  const throttle = createThrottle(createFakeClock());
  const names = Array.from({ length: 2_000 }, (_, n) => `tenant-${n}`);
  for (const name of names) throttle.note(name, throttled(name));
  const held = names.filter((name) => throttle.until(name) > 0);
  expect(held).toEqual(names.slice(1_000));
  expect(() => throttle.check("tenant-1999")).toThrow("tenant-1999");
  expect(() => throttle.check("tenant-0")).not.toThrow();
});

it("a tenant that is throttled again counts as the newest", () => {
  const throttle = createThrottle(createFakeClock());
  throttle.note("again", throttled("first"));
  for (let n = 0; n < 999; n++) throttle.note(`tenant-${n}`, throttled("other"));
  throttle.note("again", throttled("second"));
  throttle.note("one more", throttled("other"));
  expect(() => throttle.check("again")).toThrow("second");
  expect(throttle.until("tenant-0")).toBe(0);
});

it("a tenant whose throttling has ended makes room before one that is still throttled is dropped", async () => {
  const clock = createFakeClock();
  const throttle = createThrottle(clock);
  throttle.note("long", throttled("long"));
  for (let n = 0; n < 999; n++)
    throttle.note(`short-${n}`, outcomeError("throttled", "short", { retryAfterMs: 1_000 }));
  await clock.advance(1_000);
  throttle.note("one more", throttled("one more"));
  expect(() => throttle.check("long")).toThrow("long");
});
