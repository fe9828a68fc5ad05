import type { TokenStore } from "../contract/services.ts";
import type { TestRunner } from "./source-contract.ts";

/** How to make the store that is tested. */
export interface StoreUnderTest {
  /** A store that is empty, or shares nothing with that of another test. */
  readonly create: () => TokenStore | Promise<TokenStore>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => (value === undefined ? undefined : new TextDecoder().decode(value));
const later = () => Date.now() + 3_600_000;

/** A key as core writes it, and some that need care in file names and objects. */
const keys = [
  '["azidentity.token.1","azure-cli","me",null]',
  "../../etc/passwd",
  "con",
  "a".repeat(1_000),
  "ключ",
  "with space\n",
  "__proto__",
  "",
];

type TestStore = (name: string, test: (store: TokenStore) => Promise<void>) => unknown;

function testValues(withStore: TestStore, expect: TestRunner["expect"]): void {
  withStore("returns undefined for a key that it does not have", async (store) => {
    expect(await store.get("nothing")).toBe(undefined);
    await store.delete("nothing");
  });

  withStore("returns the bytes that were set, under any key", async (store) => {
    for (const key of keys) await store.set(key, bytes(`value of ${key}`), later());
    for (const key of keys) expect(text(await store.get(key))).toBe(`value of ${key}`);
  });

  withStore("keeps a hundred thousand bytes that are not text", async (store) => {
    const value = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    await store.set("binary", value, later());
    expect(Buffer.compare((await store.get("binary")) ?? new Uint8Array(), value)).toBe(0);
  });

  withStore("replaces and deletes a value", async (store) => {
    await store.set("key", bytes("one"), later());
    await store.set("key", bytes("two"), later());
    expect(text(await store.get("key"))).toBe("two");
    await store.delete("key");
    expect(await store.get("key")).toBe(undefined);
  });

  withStore("keeps a value without an expiry", async (store) => {
    await store.set("key", bytes("value"));
    expect(text(await store.get("key"))).toBe("value");
  });

  withStore("does not return a value that has expired", async (store) => {
    await store.set("key", bytes("value"), 1);
    expect(await store.get("key")).toBe(undefined);
  });
}

function testUpdates(withStore: TestStore, expect: TestRunner["expect"]): void {
  withStore("runs updates one after another, so that none is lost", async (store) => {
    const add = (current: Uint8Array | undefined) => Promise.resolve(bytes(String(Number(text(current) ?? 0) + 1)));
    await Promise.all(Array.from({ length: 20 }, () => store.update("counter", add)));
    expect(text(await store.get("counter"))).toBe("20");
  });

  withStore("deletes a value when an update returns undefined, and changes nothing when it rejects", async (store) => {
    await store.set("key", bytes("value"), later());
    const failed = await store
      .update("key", () => Promise.reject(new Error("no")))
      .then(
        () => false,
        () => true,
      );
    expect(failed).toBe(true);
    expect(text(await store.get("key"))).toBe("value");
    await store.update("key", async () => undefined);
    expect(await store.get("key")).toBe(undefined);
  });
}

/** What a store may be able to do. */
function testListsAndLeases(withStore: TestStore, expect: TestRunner["expect"]): void {
  withStore("lists each key once, if it can list", async (store) => {
    if (store.list === undefined) return;
    for (const key of keys) await store.set(key, bytes("value"), later());
    await store.set("expired", bytes("value"), 1);
    await store.set("deleted", bytes("value"), later());
    await store.delete("deleted");
    const held = await store.lease?.("leased", 60_000);
    const listed: string[] = [];
    for await (const { key } of store.list()) listed.push(key);
    await held?.[Symbol.asyncDispose]();
    expect(listed.sort()).toEqual([...keys].sort());
  });

  withStore("leases a key to one holder at a time, if it can lease", async (store) => {
    if (store.lease === undefined) return;
    const held = await store.lease("key", 60_000);
    expect(held === undefined).toBe(false);
    expect(await store.lease("key", 60_000)).toBe(undefined);
    await held?.[Symbol.asyncDispose]();
    const again = await store.lease("key", 60_000);
    expect(again === undefined).toBe(false);
    await again?.[Symbol.asyncDispose]();
  });
}

/** Tests what every token store has to do. Pass the `it` and `expect` of your test runner. */
export function testTokenStore({ it, expect }: TestRunner, { create }: StoreUnderTest): void {
  const withStore: TestStore = (name, test) =>
    it(name, async () => {
      const store = await create();
      try {
        await test(store);
      } finally {
        await store[Symbol.asyncDispose]?.();
      }
    });
  testValues(withStore, expect);
  testUpdates(withStore, expect);
  testListsAndLeases(withStore, expect);
}
