import type { TokenStore } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createLazyStore } from "./lazy-store.ts";

const memory = (): TokenStore & { closed: boolean } => ({
  closed: false,
  get: async () => new Uint8Array([1]),
  set: async () => {},
  delete: async () => {},
  update: async () => {},
  async [Symbol.asyncDispose]() {
    this.closed = true;
  },
});

function setUp() {
  const clock = createFakeClock();
  const attempts: PromiseWithResolvers<TokenStore>[] = [];
  const open = () => {
    const attempt = Promise.withResolvers<TokenStore>();
    attempts.push(attempt);
    return attempt.promise;
  };
  return { clock, attempts, store: createLazyStore({ clock, open, onDispose: () => {} }) };
}

it("an open prompt causes one attempt and one wait of four seconds, however many callers there are", async () => {
  const { clock, attempts, store } = setUp();
  for (const waitMs of [4_000, 0, 0]) {
    const calls = [store.get("a"), store.set("b", new Uint8Array()), store.lease("c", 1)];
    const settled = Promise.allSettled(calls);
    await clock.advance(waitMs);
    for (const call of await settled) expect(call).toMatchObject({ reason: { code: "store-key-unreadable" } });
  }
  expect([attempts.length, clock.sleepers]).toEqual([1, 0]);
});

it("the store works as soon as the prompt is answered, however late", async () => {
  const { clock, attempts, store } = setUp();
  const first = store.get("a").catch(({ code }) => code);
  await clock.advance(4_000);
  expect(await first).toBe("store-key-unreadable");
  attempts[0]?.resolve(memory());
  expect(await store.get("a")).toEqual(new Uint8Array([1]));
});

it("a dismissed prompt is shown again after five minutes at the earliest", async () => {
  const { clock, attempts, store } = setUp();
  const dismissed = new Error("dismissed");
  const first = store.get("a");
  attempts[0]?.reject(dismissed);
  await expect(first).rejects.toBe(dismissed);
  await clock.advance(299_999);
  await expect(store.get("a")).rejects.toBe(dismissed);
  expect(attempts).toHaveLength(1);
  await clock.advance(1);
  const second = store.get("a");
  attempts[1]?.resolve(memory());
  expect(await second).toEqual(new Uint8Array([1]));
});

it("closing does not wait for a prompt, and a store that opens later is closed", async () => {
  const { attempts, store } = setUp();
  const first = store.get("a");
  await store[Symbol.asyncDispose]?.();
  const late = memory();
  attempts[0]?.resolve(late);
  await first;
  expect(late.closed).toBe(true);
  await expect(store.get("a")).rejects.toMatchObject({ code: "cancelled" });
});
