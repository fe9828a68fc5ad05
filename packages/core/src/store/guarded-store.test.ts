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

it("the reason of a failure is complete, including the remedy, when it is long", async () => {
  const { guarded } = setUp(failing(`${"no keyring; ".repeat(50)}Give one in AZIDENTITY_CACHE_KEY.`));
  expect(await guarded.diagnose()).toMatch(/AZIDENTITY_CACHE_KEY\.$/);
});

it("a store that the runtime keeps from its files is reported with the flag that it lacks", async () => {
  const refused = Object.assign(new Error("Access to this API has been restricted. Use --allow-fs-write."), {
    code: "ERR_ACCESS_DENIED",
  });
  const { guarded } = setUp(() => Promise.reject(refused));
  expect(await guarded.diagnose()).toMatch(/\. Start the program with --allow-fs-write\. \[permission-denied\]$/);
});

it("an operation returns the result of the store", async () => {
  expect(await setUp().guarded.attempt("get", user, async () => "value")).toBe("value");
  expect(await setUp().guarded.open(user)).toBeDefined();
});

it("repeated failures are logged once and published each time", async () => {
  const { guarded, warnings, events } = setUp();
  for (let n = 0; n < 3; n++) {
    expect(await guarded.attempt("set", user, failing("disk full"))).toBeUndefined();
    await guarded.attempt("get", user, async () => "value");
  }
  expect(warnings).toHaveLength(1);
  expect(events).toEqual(Array(3).fill({ source: "azure-cli", operation: "set", reason: "disk full" }));
});

it("failures with one code are logged once, even if their messages differ", async () => {
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

it("a store that fails again after it worked is logged again", async () => {
  const { guarded, warnings } = setUp();
  await guarded.attempt("get", user, failing("no answer"));
  await guarded.attempt("get", user, async () => undefined);
  await guarded.attempt("get", user, failing("no answer"));
  expect(warnings).toHaveLength(2);
});

it("a store that does not answer costs five seconds, and is then not used for thirty", async () => {
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

it("a store that does not open is not used for a while, but diagnose() tries it", async () => {
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

it("a process that hardly runs does not count as a store that hangs", async () => {
  const { guarded, clock } = setUp();
  /** A machine on which each sleep takes ten times as long. */
  const busy = createGuardedStore(async () => undefined, {
    clock: { ...clock, sleep: (ms, signal) => clock.sleep(10 * ms, signal) },
    log: { warn: () => {} },
    events: { emit: () => {} },
  });
  const answer = Promise.withResolvers<string>();
  const onBusyMachine = busy.attempt("open", user, () => answer.promise);
  const onIdleMachine = guarded.attempt("open", user, () => answer.promise);
  await clock.advance(20_000);
  answer.resolve("opened");
  expect([await onBusyMachine, await onIdleMachine]).toEqual(["opened", undefined]);
});

it("diagnose() finds no failure of a store that works, nor without a store", async () => {
  expect(await setUp().guarded.diagnose()).toBeUndefined();
  expect(await setUp(async () => undefined as never).guarded.diagnose()).toBeUndefined();
});

it("the failure of a store is known until the store works again", async () => {
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

it("diagnose() does not wait forever for a store that hangs", async () => {
  const { guarded, clock } = setUp(() => new Promise(() => {}));
  const examined = guarded.diagnose();
  await clock.advance(10_000);
  expect(await examined).toContain("5 s");
});
