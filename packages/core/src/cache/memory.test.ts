import { expect, it } from "vitest";
import { createBudget } from "./budget.ts";
import { createMemory } from "./memory.ts";

const later = 1_000;

function setUp(limits: { maxEntries?: number; maxBytes?: number } = {}) {
  let now = 0;
  const budget = createBudget({ maxEntries: 1_000, maxBytes: 1_000_000, ...limits }, () => now);
  const memory = createMemory(budget);
  const put = (tenant: string | undefined, scope: string, expiresOnTimestamp = later, text = "t") => {
    const token = { token: text, expiresOnTimestamp, tokenType: "Bearer" } as const;
    memory.put(
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
  const has = (tenant: string | undefined, scope: string) => memory.at(tenant, undefined, scope, false) !== undefined;
  return {
    budget,
    memory,
    put,
    has,
    setNow: (value: number) => {
      now = value;
    },
  };
}

it("finds what was put, for its own owner only", () => {
  const { put, has } = setUp();
  put("a", "s");
  expect([has("a", "s"), has("b", "s"), has("a", "other")]).toEqual([true, false, false]);
});

it("replaces an entry without counting it twice", () => {
  const { put, budget } = setUp();
  put("", "s", later, "long ".repeat(100));
  put("", "s", later, "short");
  expect(budget.entries).toBe(1);
  expect(budget.bytes).toBeLessThan(1_000);
});

it("stays within its number of entries, and what was used lately stays longest", () => {
  const { put, has, memory, budget } = setUp({ maxEntries: 3 });
  for (const scope of ["a", "b", "c"]) put("", scope);
  const used = memory.at("", undefined, "a", false);
  if (used !== undefined) used.used = true;
  put("", "d");
  expect(budget.entries).toBe(3);
  expect([has("", "a"), has("", "b"), has("", "d")]).toEqual([true, false, true]);
});

it("stays within its bytes, whatever the number", () => {
  const { put, budget } = setUp({ maxBytes: 10_000 });
  for (let n = 0; n < 50; n++) put("", `s${n}`, later, "x".repeat(1_500));
  expect(budget.bytes).toBeLessThanOrEqual(10_000);
  expect(budget.entries).toBeGreaterThan(1);
});

it("keeps the newest entry even when it alone is over the bytes", () => {
  const { put, has } = setUp({ maxBytes: 100 });
  put("", "big");
  expect(has("", "big")).toBe(true);
});

it("lets dead entries go while others come", () => {
  const { put, has, budget, setNow } = setUp();
  for (let n = 0; n < 10; n++) put("", `old${n}`, 10);
  setNow(10);
  for (let n = 0; n < 20; n++) put("", `new${n}`);
  expect(has("", "old0")).toBe(false);
  expect(budget.entries).toBe(20);
});

it("does not keep an owner whose last entry has gone", () => {
  const { put, memory, budget } = setUp({ maxEntries: 2 });
  for (let tenant = 0; tenant < 100; tenant++) put(`tenant-${tenant}`, "s");
  expect(memory.owners).toBe(2);
  memory.clear();
  expect([memory.owners, budget.entries, budget.bytes]).toEqual([0, 0, 0]);
});

it("never takes a tenant for a user, whatever text is passed as one", () => {
  const { memory } = setUp();
  const token = { token: "t", expiresOnTimestamp: later, tokenType: "Bearer" } as const;
  const times = { freshWall: later, freshMono: later, account: undefined, retryMono: 0 };
  memory.put({ tenant: "t", user: "hash", scope: "s", cae: false }, { token, ...times });
  expect(memory.at("t", "hash", "s", false)).toBeDefined();
  for (const tenant of ["hash t", "t hash", "t", "hash"])
    expect(memory.at(tenant, undefined, "s", false)).toBeUndefined();
});
