import { expect, it } from "vitest";
import { createEviction } from "./eviction.ts";
import { clearMemory, createMemory, findToken, putToken } from "./memory.ts";

const later = 1_000;

function setUp(limits: { maxEntries?: number; maxBytes?: number } = {}) {
  let now = 0;
  const eviction = createEviction({ maxEntries: 1_000, maxBytes: 1_000_000, ...limits }, () => now);
  const memory = createMemory(eviction);
  const put = (tenant: string | undefined, scope: string, expiresOnTimestamp = later, text = "t") => {
    const token = { token: text, expiresOnTimestamp, tokenType: "Bearer" } as const;
    putToken(
      memory,
      { tenant, user: undefined, scope, cae: false },
      {
        token,
        freshWall: expiresOnTimestamp,
        freshMono: expiresOnTimestamp,
        retryMono: 0,
        account: undefined,
      },
    );
  };
  const has = (tenant: string | undefined, scope: string) =>
    findToken(memory, tenant, undefined, scope, false) !== undefined;
  return {
    eviction,
    memory,
    put,
    has,
    setNow: (value: number) => {
      now = value;
    },
  };
}

it("a memory finds an entry for its own owner only", () => {
  const { put, has } = setUp();
  put("a", "s");
  expect([has("a", "s"), has("b", "s"), has("a", "other")]).toEqual([true, false, false]);
});

it("a memory counts an entry that was replaced once", () => {
  const { put, eviction } = setUp();
  put("", "s", later, "long ".repeat(100));
  put("", "s", later, "short");
  expect(eviction.entries).toBe(1);
  expect(eviction.bytes).toBeLessThan(1_000);
});

it("an eviction keeps the number of entries within its limit and spares the one that was used last", () => {
  const { put, has, memory, eviction } = setUp({ maxEntries: 3 });
  for (const scope of ["a", "b", "c"]) put("", scope);
  const used = findToken(memory, "", undefined, "a", false);
  if (used !== undefined) used.used = true;
  put("", "d");
  expect(eviction.entries).toBe(3);
  expect([has("", "a"), has("", "b"), has("", "d")]).toEqual([true, false, true]);
});

it("an eviction keeps the bytes within their limit whatever the number of entries", () => {
  const { put, eviction } = setUp({ maxBytes: 10_000 });
  for (let n = 0; n < 50; n++) put("", `s${n}`, later, "x".repeat(1_500));
  expect(eviction.bytes).toBeLessThanOrEqual(10_000);
  expect(eviction.entries).toBeGreaterThan(1);
});

it("an eviction keeps the newest entry even when it alone exceeds the byte limit", () => {
  const { put, has } = setUp({ maxBytes: 100 });
  put("", "big");
  expect(has("", "big")).toBe(true);
});

it("an insert removes expired entries", () => {
  const { put, has, eviction, setNow } = setUp();
  for (let n = 0; n < 10; n++) put("", `old${n}`, 10);
  setNow(10);
  for (let n = 0; n < 20; n++) put("", `new${n}`);
  expect(has("", "old0")).toBe(false);
  expect(eviction.entries).toBe(20);
});

it("a memory drops an owner with its last entry", () => {
  const { put, memory, eviction } = setUp({ maxEntries: 2 });
  for (let tenant = 0; tenant < 100; tenant++) put(`tenant-${tenant}`, "s");
  const owners = () => (memory.plain.firstByOwner?.size ?? 0) + (memory.plain.othersByOwner?.size ?? 0);
  expect(owners()).toBe(2);
  clearMemory(memory);
  expect([owners(), eviction.entries, eviction.bytes]).toEqual([0, 0, 0]);
});

it("a memory never takes a tenant for a user, whatever text is passed as a tenant", () => {
  const { memory } = setUp();
  const token = { token: "t", expiresOnTimestamp: later, tokenType: "Bearer" } as const;
  const times = { freshWall: later, freshMono: later, account: undefined, retryMono: 0 };
  putToken(memory, { tenant: "t", user: "hash", scope: "s", cae: false }, { token, ...times });
  expect(findToken(memory, "t", "hash", "s", false)).toBeDefined();
  for (const tenant of ["hash t", "t hash", "t", "hash"])
    expect(findToken(memory, tenant, undefined, "s", false)).toBeUndefined();
});
