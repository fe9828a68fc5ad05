import { expect, it } from "vitest";
import type { EventPayloads } from "./contract/events.ts";
import { createStoreHealth } from "./store-health.ts";
import { createFakeClock } from "./test-kit/fake-clock.ts";
import { createMemoryStore } from "./test-kit/memory-store.ts";

function setUp(open = async () => createMemoryStore(createFakeClock())) {
  const warnings: string[] = [];
  const events: unknown[] = [];
  const emit = <N extends keyof EventPayloads>(_: N, make: () => EventPayloads[N]) => void events.push(make());
  const clock = createFakeClock();
  const log = { warn: (text: string) => warnings.push(text) };
  return { health: createStoreHealth(open, { clock, log, events: { emit } }), clock, warnings, events };
}

it("warns once of a store that fails again and again, and tells of every time", () => {
  const { health, warnings, events } = setUp();
  for (let n = 0; n < 3; n++) {
    health.failed("azure-cli", "set", new Error("disk full"));
    health.worked("get");
  }
  expect(warnings).toHaveLength(1);
  expect(events).toEqual(Array(3).fill({ source: "azure-cli", operation: "set", reason: "disk full" }));
});

it("warns again of a store that worked in between", () => {
  const { health, warnings } = setUp();
  health.failed("azure-cli", "get", new Error("no answer"));
  health.worked("get");
  health.failed("azure-cli", "get", new Error("no answer"));
  expect(warnings).toHaveLength(2);
});

it("finds nothing wrong with a store that works, and with none", async () => {
  expect(await setUp().health.examine()).toBeUndefined();
  expect(await setUp(async () => undefined as never).health.examine()).toBeUndefined();
});

it("knows why a store cannot be opened, read or written, and forgets it when that has passed", async () => {
  let working = false;
  const { health, warnings } = setUp(async () => {
    if (working) return createMemoryStore(createFakeClock());
    throw new Error("no keyring; secret=c4n4ry");
  });
  expect(await health.examine()).toContain("no keyring");
  expect(warnings.join()).not.toContain("c4n4ry");
  working = true;
  expect(await health.examine()).toBeUndefined();
  health.failed("azure-cli", "set", new Error("disk full"));
  expect(await health.examine()).toBe("disk full");
});

it("does not wait for ever for a store that hangs", async () => {
  const { health, clock } = setUp(() => new Promise(() => {}));
  const examined = health.examine();
  await clock.advance(10_000);
  expect(await examined).toContain("5 s");
});
