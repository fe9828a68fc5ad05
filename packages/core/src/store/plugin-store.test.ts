import { describe, expect, it } from "vitest";
import type { EventPayloads } from "../contract/events.ts";
import { services, type TokenStore } from "../contract/services.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createMemoryStore } from "../test-kit/memory-store.ts";
import { testTokenStore } from "../test-kit/store-contract.ts";
import { createTestContext } from "../test-kit/test-context.ts";
import { createGuardedStore } from "./guarded-store.ts";
import { withGuardedStore } from "./plugin-store.ts";

const bytes = new Uint8Array([1]);

function setUp(store: TokenStore | undefined) {
  const clock = createFakeClock();
  const warnings: string[] = [];
  const events: unknown[] = [];
  const guarded = createGuardedStore(async () => store, {
    clock,
    log: { warn: (text) => void warnings.push(text) },
    events: { emit: (_, make: () => EventPayloads[keyof EventPayloads]) => void events.push(make()) },
  });
  const found = new Map<symbol, unknown>(store === undefined ? [] : [[services.tokenStore, store]]);
  const context = createTestContext({ clock, services: found });
  const open = () => withGuardedStore(context, guarded, "device-code").service(services.tokenStore);
  return { clock, warnings, events, guarded, open, context };
}

const opened = async (open: () => Promise<TokenStore | undefined>) => (await open()) as TokenStore;
const memory = () => createMemoryStore(createFakeClock());

describe("the token store of a source", () => {
  testTokenStore({ it }, { create: () => opened(setUp(memory()).open), clock: createFakeClock() });
});

it("a source gets the scope and the entries of the store, but no means to close it", async () => {
  const store = await opened(setUp({ ...memory(), scope: "user", [Symbol.asyncDispose]: async () => undefined }).open);
  await store.set("key", bytes, 9e15);
  expect(store.scope).toBe("user");
  const keys: string[] = [];
  for await (const { key } of store.list?.() ?? []) keys.push(key);
  expect(keys).toEqual(["key"]);
  expect(store[Symbol.asyncDispose]).toBeUndefined();
});

it("a source gets no store where the provider has none", async () => {
  expect(await setUp(undefined).open()).toBeUndefined();
});

it("a store that fails rejects, and the failure is reported under the name of the source", async () => {
  const fail = () => Promise.reject(new Error("disk full"));
  const { open, events, warnings } = setUp({ ...memory(), update: fail });
  const store = await opened(open);
  for (let n = 0; n < 2; n++) await expect(store.update("key", async () => bytes)).rejects.toThrow("disk full");
  expect(events).toEqual(Array(2).fill({ source: "device-code", operation: "update", reason: "disk full" }));
  expect(warnings).toHaveLength(1);
  await store.set("key", bytes);
  expect(await store.get("key")).toEqual(bytes);
});

it("a store that hangs costs five seconds once, and is then used by no source for thirty", async () => {
  let calls = 0;
  const get = () => {
    calls++;
    return new Promise<never>(() => undefined);
  };
  const { open, clock, guarded } = setUp({ ...memory(), get });
  const store = await opened(open);
  const first = store.get("key").catch((error) => error);
  await clock.advance(5_000);
  expect(await first).toMatchObject({ message: "no answer within 5 s" });
  const unused = { name: "CredentialUnavailableError", code: "store-unreachable" };
  await expect(store.get("key")).rejects.toMatchObject(unused);
  await expect(open()).rejects.toMatchObject(unused);
  expect(await guarded.open({ source: "azure-cli", background: false })).toBeUndefined();
  expect(calls).toBe(1);
  await clock.advance(30_000);
  await store.set("key", bytes);
  expect(clock.sleepers).toBe(0);
});

it("a source gets leases and notifications of the store, and a lease that hangs ends in time", async () => {
  const listeners: unknown[] = [];
  const lease = { [Symbol.asyncDispose]: () => new Promise<never>(() => undefined) };
  const { open, clock } = setUp({
    ...memory(),
    lease: async () => lease,
    onDeleted: (listener) => void listeners.push(listener),
  });
  const store = await opened(open);
  const listener = () => undefined;
  store.onDeleted?.(listener);
  expect(listeners).toEqual([listener]);
  const held = await store.lease?.("key", 1_000);
  const released = Promise.resolve(held?.[Symbol.asyncDispose]()).catch((error) => error);
  await clock.advance(5_000);
  expect(await released).toMatchObject({ message: "no answer within 5 s" });
});

it("a source that stops listing entries ends the listing of the store", async () => {
  let ended = false;
  async function* list() {
    try {
      for (;;) yield { key: "key" };
    } finally {
      ended = true;
    }
  }
  const store = await opened(setUp({ ...memory(), list }).open);
  for await (const { key } of store.list?.() ?? []) {
    expect(key).toBe("key");
    break;
  }
  expect(ended).toBe(true);
});
