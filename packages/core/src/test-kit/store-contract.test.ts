import { describe, expect, it } from "vitest";
import { contractFailures } from "../../test/contract-failures.ts";
import type { TokenStore } from "../contract/services.ts";
import { createClock } from "../services/clock.ts";
import { createMemoryStore } from "./memory-store.ts";
import { testTokenStore } from "./store-contract.ts";

const clock = createClock();

describe("the reference store", () => {
  testTokenStore({ it }, { create: () => createMemoryStore(clock) });
});

describe("a store that can neither list nor lease", () => {
  testTokenStore({ it }, { create: () => ({ ...createMemoryStore(clock), list: undefined, lease: undefined }) });
});

/** The times of expiry that were set, by key. */
function recordExpiries(store: TokenStore) {
  const expiries = new Map<string, number | undefined>();
  const set: TokenStore["set"] = async (key, value, expiresOnTimestamp) => {
    expiries.set(key, expiresOnTimestamp);
    await store.set(key, value, expiresOnTimestamp);
  };
  return { expiries, set };
}

/** The store, under other keys. */
const withKeys = (store: TokenStore, rename: (key: string) => string): Partial<TokenStore> => ({
  get: (key) => store.get(rename(key)),
  set: (key, ...rest) => store.set(rename(key), ...rest),
  delete: (key) => store.delete(rename(key)),
  update: (key, change) => store.update(rename(key), change),
});

const expired = "does not return a value that has expired";
const lists = "lists each key once, if it can list";
const listsValid = "lists no key that has expired, and expiries in milliseconds, if it can list";
const updates = "runs updates one after another, so that none is lost";

interface Mutant {
  /** What differs from the reference store. */
  readonly change: (store: TokenStore) => Partial<TokenStore>;
  readonly rules: readonly string[];
}

/** Stores with one defect each, and the rules that they break. */
const mutants: Readonly<Record<string, Mutant>> = {
  "returns an empty value for a key that it does not have": {
    change: (store) => ({ get: async (key) => (await store.get(key)) ?? new Uint8Array() }),
    rules: [
      "returns undefined for a key that it does not have",
      "replaces and deletes a value",
      expired,
      "deletes a value when an update returns undefined, and changes nothing when it rejects",
    ],
  },
  "shortens its keys": {
    change: (store) => withKeys(store, (key) => key.slice(0, 200)),
    rules: ["returns the bytes that were set, under any key", lists],
  },
  "ignores the letter case of its keys": {
    change: (store) => withKeys(store, (key) => key.toLowerCase()),
    rules: ["returns the bytes that were set, under any key", lists],
  },
  "keeps text instead of bytes": {
    change: (store) => ({
      set: (key, value, expiry) => store.set(key, new TextEncoder().encode(new TextDecoder().decode(value)), expiry),
    }),
    rules: ["keeps a hundred thousand bytes that are not text"],
  },
  "does not delete": {
    change: () => ({ delete: async () => {} }),
    rules: ["replaces and deletes a value", lists],
  },
  "forgets a value without an expiry": {
    change: (store) => ({
      set: async (key, value, expiry) => (expiry === undefined ? undefined : store.set(key, value, expiry)),
    }),
    rules: ["keeps a value without an expiry"],
  },
  "ignores expiries": {
    change: (store) => ({ set: (key, value) => store.set(key, value) }),
    rules: [expired, listsValid],
  },
  "reads expiries in seconds": {
    change: (store) => ({
      set: (key, value, expiry) => store.set(key, value, expiry === undefined ? undefined : expiry * 1_000),
    }),
    rules: [expired, listsValid],
  },
  "keeps the array that it was given": {
    change(store) {
      const given = new Map<string, Uint8Array>();
      return {
        async get(key) {
          const value = await store.get(key);
          return value && (given.get(key) ?? value);
        },
        async set(key, value, expiresOnTimestamp) {
          given.set(key, value);
          await store.set(key, value, expiresOnTimestamp);
        },
      };
    },
    rules: ["keeps the bytes as they were when they were set"],
  },
  "runs updates at the same time": {
    change: (store) => ({
      async update(key, change) {
        const changed = await change(await store.get(key));
        await (changed === undefined ? store.delete(key) : store.set(key, changed));
      },
    }),
    rules: [updates],
  },
  "deletes a value when an update fails": {
    change: (store) => ({
      update: (key, change) => store.update(key, async (current) => change(current).catch(() => undefined)),
    }),
    rules: ["deletes a value when an update returns undefined, and changes nothing when it rejects"],
  },
  "lists expired entries": {
    change(store) {
      const { expiries, set } = recordExpiries(store);
      return {
        set,
        async delete(key) {
          expiries.delete(key);
          await store.delete(key);
        },
        async *list() {
          for (const [key, expiresOnTimestamp] of expiries) yield { key, expiresOnTimestamp };
        },
      };
    },
    rules: [listsValid],
  },
  "lists a key twice": {
    change: (store) => ({
      async *list() {
        yield* store.list?.() ?? [];
        yield* store.list?.() ?? [];
      },
    }),
    rules: [lists, listsValid],
  },
  "lists expiries in seconds": {
    change: (store) => ({
      async *list() {
        for await (const { key, expiresOnTimestamp = 0 } of store.list?.() ?? [])
          yield { key, expiresOnTimestamp: expiresOnTimestamp / 1_000 };
      },
    }),
    rules: [listsValid],
  },
  "leases a key to everyone": {
    change: () => ({ lease: async () => ({ async [Symbol.asyncDispose]() {} }) }),
    rules: ["leases a key to one holder at a time, if it can lease"],
  },
  "keeps a lease that was released": {
    change: (store) => ({
      lease: async (key, ms) => (await store.lease?.(key, ms)) && { async [Symbol.asyncDispose]() {} },
    }),
    rules: ["leases a key to one holder at a time, if it can lease"],
  },
};

it.each(Object.entries(mutants))("the contract of stores refuses a store that %s", async (_, { change, rules }) => {
  const create = () => {
    const store = createMemoryStore(clock);
    return { ...store, ...change(store) };
  };
  expect(await contractFailures((runner) => testTokenStore(runner, { create }))).toEqual(rules);
});
