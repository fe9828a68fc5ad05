import { expect, it } from "vitest";
import type { EventPayloads } from "../contract/events.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createMemoryStore } from "../test-kit/memory-store.ts";
import { createStoreHealth } from "./guarded-store.ts";

function setUp(open = async () => createMemoryStore(createFakeClock())) {
  const warnings: string[] = [];
  const events: unknown[] = [];
  const emit = <N extends keyof EventPayloads>(_: N, make: () => EventPayloads[N]) => void events.push(make());
  const clock = createFakeClock();
  const log = { warn: (text: string) => warnings.push(text) };
  return { health: createStoreHealth(open, { clock, log, events: { emit } }), clock, warnings, events };
}

const user = { source: "azure-cli", background: false };
const failing = (reason: string) => () => Promise.reject(new Error(reason));

it("says the whole reason, remedy included, when it is long", async () => {
  const { health } = setUp(failing(`${"no keyring; ".repeat(50)}Give one in AZIDENTITY_CACHE_KEY.`));
  expect(await health.examine()).toMatch(/AZIDENTITY_CACHE_KEY\.$/);
});

it("gives what the store answers", async () => {
  expect(await setUp().health.attempt("get", user, async () => "value")).toBe("value");
  expect(await setUp().health.open(user)).toBeDefined();
});

it("warns once of a store that fails again and again, and tells of every time", async () => {
  const { health, warnings, events } = setUp();
  for (let n = 0; n < 3; n++) {
    expect(await health.attempt("set", user, failing("disk full"))).toBeUndefined();
    await health.attempt("get", user, async () => "value");
  }
  expect(warnings).toHaveLength(1);
  expect(events).toEqual(Array(3).fill({ source: "azure-cli", operation: "set", reason: "disk full" }));
});

it("warns once of failures with one code, however their messages differ", async () => {
  const { health, warnings } = setUp();
  for (const reason of ["no answer", "dismissed"]) {
    await health.attempt("get", user, () => Promise.reject(outcomeError("failed", reason, { code: "locked" })));
  }
  await health.attempt("get", user, () => Promise.reject(outcomeError("failed", "disk full", { code: "full" })));
  expect(warnings).toEqual([
    expect.stringContaining("no answer [locked]"),
    expect.stringContaining("disk full [full]"),
  ]);
  expect(health.failure).toBe("disk full [full]");
});

it("warns again of a store that worked in between", async () => {
  const { health, warnings } = setUp();
  await health.attempt("get", user, failing("no answer"));
  await health.attempt("get", user, async () => undefined);
  await health.attempt("get", user, failing("no answer"));
  expect(warnings).toHaveLength(2);
});

it("waits five seconds for a store that does not answer, and then leaves it alone for thirty", async () => {
  const { health, clock, events } = setUp();
  let asked = 0;
  const silent = () => {
    asked++;
    return new Promise<never>(() => {});
  };
  const first = health.attempt("get", user, silent);
  await clock.advance(5_000);
  expect(await first).toBeUndefined();
  expect(events).toEqual([{ source: "azure-cli", operation: "get", reason: "no answer within 5 s" }]);
  expect(await health.attempt("get", { ...user, source: "another" }, silent)).toBeUndefined();
  expect(asked).toBe(1);
  await clock.advance(30_000);
  expect(await health.attempt("get", user, async () => "value")).toBe("value");
  expect(clock.sleepers).toBe(0);
});

it("leaves a store alone that does not open, but tries it for whoever asks what is wrong", async () => {
  let working = false;
  const { health } = setUp(async () => {
    if (working) return createMemoryStore(createFakeClock());
    throw new Error("no keyring");
  });
  expect(await health.open(user)).toBeUndefined();
  working = true;
  expect(await health.open(user)).toBeUndefined();
  expect(await health.examine()).toBeUndefined();
  expect(await health.open(user)).toBeDefined();
});

it("does not blame the store where the process hardly gets a turn", async () => {
  const { health, clock } = setUp();
  /** A machine on which each sleep takes ten times as long. */
  const busy = createStoreHealth(async () => undefined, {
    clock: { ...clock, sleep: (ms, signal) => clock.sleep(10 * ms, signal) },
    log: { warn: () => {} },
    events: { emit: () => {} },
  });
  const answer = Promise.withResolvers<string>();
  const patient = busy.attempt("open", user, () => answer.promise);
  const impatient = health.attempt("open", user, () => answer.promise);
  await clock.advance(20_000);
  answer.resolve("opened");
  expect([await patient, await impatient]).toEqual(["opened", undefined]);
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
  await health.attempt("set", user, failing("disk full"));
  expect(await health.examine()).toBe("disk full");
});

it("does not wait for ever for a store that hangs", async () => {
  const { health, clock } = setUp(() => new Promise(() => {}));
  const examined = health.examine();
  await clock.advance(10_000);
  expect(await examined).toContain("5 s");
});
