import { expect, it } from "vitest";
import type { EventPayloads } from "../contract/events.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createMemoryStore } from "../test-kit/memory-store.ts";
import { createGuardedStore } from "./guarded-store.ts";

function setUp(open = async () => createMemoryStore(createFakeClock())) {
  const warnings: string[] = [];
  const events: unknown[] = [];
  const emit = <N extends keyof EventPayloads>(_: N, make: () => EventPayloads[N]) => void events.push(make());
  const clock = createFakeClock();
  const log = { warn: (text: string) => warnings.push(text) };
  return { guarded: createGuardedStore(open, { clock, log, events: { emit } }), clock, warnings, events };
}

const user = { source: "azure-cli", background: false };
const failing = (reason: string) => () => Promise.reject(new Error(reason));

it("says the whole reason, remedy included, when it is long", async () => {
  const { guarded } = setUp(failing(`${"no keyring; ".repeat(50)}Give one in AZIDENTITY_CACHE_KEY.`));
  expect(await guarded.diagnose()).toMatch(/AZIDENTITY_CACHE_KEY\.$/);
});

it("gives what the store answers", async () => {
  expect(await setUp().guarded.attempt("get", user, async () => "value")).toBe("value");
  expect(await setUp().guarded.open(user)).toBeDefined();
});

it("warns once of a store that fails again and again, and tells of every time", async () => {
  const { guarded, warnings, events } = setUp();
  for (let n = 0; n < 3; n++) {
    expect(await guarded.attempt("set", user, failing("disk full"))).toBeUndefined();
    await guarded.attempt("get", user, async () => "value");
  }
  expect(warnings).toHaveLength(1);
  expect(events).toEqual(Array(3).fill({ source: "azure-cli", operation: "set", reason: "disk full" }));
});

it("warns once of failures with one code, however their messages differ", async () => {
  const { guarded, warnings } = setUp();
  for (const reason of ["no answer", "dismissed"]) {
    await guarded.attempt("get", user, () => Promise.reject(outcomeError("failed", reason, { code: "store-busy" })));
  }
  await guarded.attempt("get", user, () =>
    Promise.reject(outcomeError("failed", "disk full", { code: "store-directory-unusable" })),
  );
  expect(warnings).toEqual([
    expect.stringContaining("no answer [store-busy]"),
    expect.stringContaining("disk full [store-directory-unusable]"),
  ]);
  expect(guarded.failure).toBe("disk full [store-directory-unusable]");
});

it("warns again of a store that worked in between", async () => {
  const { guarded, warnings } = setUp();
  await guarded.attempt("get", user, failing("no answer"));
  await guarded.attempt("get", user, async () => undefined);
  await guarded.attempt("get", user, failing("no answer"));
  expect(warnings).toHaveLength(2);
});

it("waits five seconds for a store that does not answer, and then leaves it alone for thirty", async () => {
  const { guarded, clock, events } = setUp();
  let asked = 0;
  const silent = () => {
    asked++;
    return new Promise<never>(() => {});
  };
  const first = guarded.attempt("get", user, silent);
  await clock.advance(5_000);
  expect(await first).toBeUndefined();
  expect(events).toEqual([{ source: "azure-cli", operation: "get", reason: "no answer within 5 s" }]);
  expect(await guarded.attempt("get", { ...user, source: "another" }, silent)).toBeUndefined();
  expect(asked).toBe(1);
  await clock.advance(30_000);
  expect(await guarded.attempt("get", user, async () => "value")).toBe("value");
  expect(clock.sleepers).toBe(0);
});

it("leaves a store alone that does not open, but tries it for whoever asks what is wrong", async () => {
  let working = false;
  const { guarded } = setUp(async () => {
    if (working) return createMemoryStore(createFakeClock());
    throw new Error("no keyring");
  });
  expect(await guarded.open(user)).toBeUndefined();
  working = true;
  expect(await guarded.open(user)).toBeUndefined();
  expect(await guarded.diagnose()).toBeUndefined();
  expect(await guarded.open(user)).toBeDefined();
});

it("does not blame the store where the process hardly gets a turn", async () => {
  const { guarded, clock } = setUp();
  /** A machine on which each sleep takes ten times as long. */
  const busy = createGuardedStore(async () => undefined, {
    clock: { ...clock, sleep: (ms, signal) => clock.sleep(10 * ms, signal) },
    log: { warn: () => {} },
    events: { emit: () => {} },
  });
  const answer = Promise.withResolvers<string>();
  const patient = busy.attempt("open", user, () => answer.promise);
  const impatient = guarded.attempt("open", user, () => answer.promise);
  await clock.advance(20_000);
  answer.resolve("opened");
  expect([await patient, await impatient]).toEqual(["opened", undefined]);
});

it("finds nothing wrong with a store that works, and with none", async () => {
  expect(await setUp().guarded.diagnose()).toBeUndefined();
  expect(await setUp(async () => undefined as never).guarded.diagnose()).toBeUndefined();
});

it("knows why a store cannot be opened, read or written, and forgets it when that has passed", async () => {
  let working = false;
  const { guarded, warnings } = setUp(async () => {
    if (working) return createMemoryStore(createFakeClock());
    throw new Error("no keyring; secret=c4n4ry");
  });
  expect(await guarded.diagnose()).toContain("no keyring");
  expect(warnings.join()).not.toContain("c4n4ry");
  working = true;
  expect(await guarded.diagnose()).toBeUndefined();
  await guarded.attempt("set", user, failing("disk full"));
  expect(await guarded.diagnose()).toBe("disk full");
});

it("does not wait for ever for a store that hangs", async () => {
  const { guarded, clock } = setUp(() => new Promise(() => {}));
  const examined = guarded.diagnose();
  await clock.advance(10_000);
  expect(await examined).toContain("5 s");
});
