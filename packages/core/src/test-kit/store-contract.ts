import { strict as assert } from "node:assert";
import type { TokenStore } from "../contract/services.ts";
import type { Clock } from "../contract/system-services.ts";
import type { TestRunner } from "./source-contract.ts";

/** How to make the store that is tested. */
export interface StoreUnderTest {
  /** A store that is empty, or shares nothing with that of another test. */
  readonly create: () => TokenStore | Promise<TokenStore>;
  /** The clock of the store. Default: that of the system. */
  readonly clock?: Pick<Clock, "now">;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => (value === undefined ? undefined : new TextDecoder().decode(value));

/** A key as core writes it, and some that need care in file names and objects. */
const keys = [
  '["azidentity.token.1","azure-cli","me",null]',
  "../../etc/passwd",
  "con",
  "CON",
  "a".repeat(1_000),
  `${"a".repeat(1_000)}b`,
  "ключ",
  "with space\n",
  "__proto__",
  "",
];

/** Times of expiry on the clock of the store, in milliseconds since 1970. */
interface Expiries {
  readonly later: number;
  /** The second one is in the future, if it is read as seconds. */
  readonly expired: readonly number[];
}

type TestStore = (name: string, test: (store: TokenStore, expiries: Expiries) => Promise<void>) => unknown;

function testValues(withStore: TestStore): void {
  withStore("returns undefined for a key that it does not have", async (store) => {
    assert.equal(await store.get("nothing"), undefined);
    await store.delete("nothing");
  });

  withStore("returns the bytes that were set, under any key", async (store, { later }) => {
    for (const key of keys) await store.set(key, bytes(`value of ${key}`), later);
    for (const key of keys) assert.equal(text(await store.get(key)), `value of ${key}`);
  });

  withStore("keeps a hundred thousand bytes that are not text", async (store, { later }) => {
    const value = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    await store.set("binary", value, later);
    assert.equal(Buffer.compare((await store.get("binary")) ?? new Uint8Array(), value), 0, "The bytes are others.");
  });

  withStore("replaces and deletes a value", async (store, { later }) => {
    await store.set("key", bytes("one"), later);
    await store.set("key", bytes("two"), later);
    assert.equal(text(await store.get("key")), "two");
    await store.delete("key");
    assert.equal(await store.get("key"), undefined);
  });

  withStore("keeps the bytes as they were when they were set", async (store, { later }) => {
    const value = bytes("value");
    await store.set("key", value, later);
    value.fill(0);
    (await store.get("key"))?.fill(0);
    assert.equal(text(await store.get("key")), "value");
  });
}

function testExpiries(withStore: TestStore): void {
  withStore("keeps a value without an expiry", async (store) => {
    await store.set("key", bytes("value"));
    assert.equal(text(await store.get("key")), "value");
  });

  withStore("does not return a value that has expired", async (store, { expired }) => {
    for (const expiry of expired) {
      await store.set("key", bytes("value"), expiry);
      assert.equal(text(await store.get("key")), undefined);
    }
  });
}

function testUpdates(withStore: TestStore): void {
  withStore("runs updates one after another, so that none is lost", async (store) => {
    const add = (current: Uint8Array | undefined) => Promise.resolve(bytes(String(Number(text(current) ?? 0) + 1)));
    await Promise.all(Array.from({ length: 20 }, () => store.update("counter", add)));
    assert.equal(text(await store.get("counter")), "20");
  });

  withStore(
    "deletes a value when an update returns undefined, and changes nothing when it rejects",
    async (store, { later }) => {
      await store.set("key", bytes("value"), later);
      await assert.rejects(
        store.update("key", () => Promise.reject(new Error("no"))),
        "It ignores the error of an update.",
      );
      assert.equal(text(await store.get("key")), "value");
      await store.update("key", async () => undefined);
      assert.equal(await store.get("key"), undefined);
    },
  );
}

async function listOf(store: TokenStore) {
  const listed: { readonly key: string; readonly expiresOnTimestamp?: number }[] = [];
  for await (const entry of store.list?.() ?? []) listed.push(entry);
  return listed;
}

/** What a store may be able to do. */
function testListsAndLeases(withStore: TestStore): void {
  withStore("lists each key once, if it can list", async (store, { later }) => {
    if (store.list === undefined) return;
    for (const key of keys) await store.set(key, bytes("value"), later);
    await store.set("deleted", bytes("value"), later);
    await store.delete("deleted");
    const held = await store.lease?.("leased", 60_000);
    const listed = await listOf(store);
    await held?.[Symbol.asyncDispose]();
    assert.deepEqual(listed.map(({ key }) => key).sort(), [...keys].sort());
  });

  withStore(
    "lists no key that has expired, and expiries in milliseconds, if it can list",
    async (store, { later, expired }) => {
      if (store.list === undefined) return;
      await store.set("valid", bytes("value"), later);
      for (const [index, expiry] of expired.entries()) await store.set(`expired ${index}`, bytes("value"), expiry);
      const listed = await listOf(store);
      assert.deepEqual(
        listed.map(({ key }) => key),
        ["valid"],
      );
      assert.equal(listed[0]?.expiresOnTimestamp ?? later, later);
    },
  );

  withStore("leases a key to one holder at a time, if it can lease", async (store) => {
    if (store.lease === undefined) return;
    const held = await store.lease("key", 60_000);
    assert(held !== undefined, "It does not lease a free key.");
    assert.equal(await store.lease("key", 60_000), undefined, "Two hold the same lease.");
    await held?.[Symbol.asyncDispose]();
    const again = await store.lease("key", 60_000);
    assert(again !== undefined, "It does not lease a key again that was released.");
    await again?.[Symbol.asyncDispose]();
  });
}

/**
 * Tests what every token store has to do. Pass the `it` of your test runner: of vitest, Jest, mocha
 * or node:test.
 */
export function testTokenStore({ it }: TestRunner, { create, clock = Date }: StoreUnderTest): void {
  const withStore: TestStore = (name, test) =>
    it(name, async () => {
      const store = await create();
      try {
        const now = clock.now();
        await test(store, { later: now + 3_600_000, expired: [1, now - 60_000] });
      } finally {
        await store[Symbol.asyncDispose]?.();
      }
    });
  testValues(withStore);
  testExpiries(withStore);
  testUpdates(withStore);
  testListsAndLeases(withStore);
}
