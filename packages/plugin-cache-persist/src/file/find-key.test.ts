import { expect, it } from "vitest";
import { findKey, type KeySearch } from "./find-key.ts";
import type { KeyStore } from "./keyring.ts";

function keyring(name: string, more: Partial<KeyStore> = {}) {
  const kept = new Map<string, string>();
  const store: KeyStore = {
    name,
    read: async (account) => kept.get(account),
    write: async (account, secret) => void kept.set(account, secret),
    remove: async (account) => void kept.delete(account),
    ...more,
  };
  return { store, kept };
}
const locked = (name: string) =>
  keyring(name, { read: () => Promise.reject(new Error("locked")), write: () => Promise.reject(new Error("locked")) });

const search = (stores: readonly KeyStore[], more: Partial<KeySearch> = {}) =>
  findKey({ account: "mine", keyrings: async () => stores, alone: (work) => work(), unsafe: undefined, ...more });

it("makes a key in the first keyring, finds it there from then on, and leaves nothing of its test", async () => {
  const [first, second] = [keyring("first"), keyring("second")];
  const key = await search([first.store, second.store]);
  expect(await search([first.store, second.store])).toBe(key);
  expect([[...first.kept.keys()], [...second.kept.keys()]]).toEqual([["mine"], []]);
});

it("gives caches keys of their own", async () => {
  const { store } = keyring("only");
  expect(await search([store])).not.toBe(await search([store], { account: "theirs" }));
});

it("prefers a key that is there to making one in a better place", async () => {
  const second = keyring("second");
  second.kept.set("mine", "old");
  expect(await search([keyring("first").store, second.store])).toBe("old");
});

it("passes over a keyring that is locked, and one that says yes and keeps nothing", async () => {
  const forgetful = keyring("forgetful", { read: async () => undefined });
  const last = keyring("last");
  const key = await search([locked("locked").store, forgetful.store, last.store]);
  expect(last.kept.get("mine")).toBe(key);
});

it("looks again before it makes one, because another process may have been faster", async () => {
  const { store, kept } = keyring("only");
  const key = await search([store], {
    alone: async (work) => {
      kept.set("mine", "theirs");
      return work();
    },
  });
  expect(key).toBe("theirs");
});

it("takes the open place last, and only when it may", async () => {
  const open = keyring("key file");
  expect(await search([locked("a").store], { unsafe: open.store })).toBe(open.kept.get("mine"));
  const fine = keyring("fine");
  await search([fine.store], { unsafe: keyring("key file").store });
  expect(fine.kept.has("mine")).toBe(true);
});

it("says of every place why it does not work", async () => {
  const error = search([locked("Secret Service").store, keyring("kernel keyring", { write: async () => {} }).store]);
  await expect(error).rejects.toMatchObject({ code: "no-store-key" });
  await expect(error).rejects.toThrow(/Secret Service: locked; kernel keyring: /);
});

it("goes without keyrings where their library is not installed", async () => {
  const keyrings = () => Promise.reject(new Error("Cannot find module"));
  await expect(search([], { keyrings })).rejects.toMatchObject({ code: "no-store-key" });
  const open = keyring("key file");
  expect(await search([], { keyrings, unsafe: open.store })).toBe(open.kept.get("mine"));
});
