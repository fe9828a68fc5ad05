import { resultFaults } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { findKey, type KeySearch } from "./find-key.ts";
import type { KeyLocation } from "./key-location.ts";
import type { KeyStore } from "./keyring.ts";

function keyring(name: string, more: Partial<KeyStore> = {}) {
  const items = new Map<string, string>();
  const store: KeyStore = {
    name,
    unlock: "Unlock it",
    isMissing: (error) => (error as Error).message === "no such keyring",
    read: async (account) => items.get(account),
    write: async (account, secret) => void items.set(account, secret),
    remove: async (account) => void items.delete(account),
    ...more,
  };
  return { store, items };
}
const failing = (reason: string): Partial<KeyStore> => ({
  read: () => Promise.reject(new Error(reason)),
  write: () => Promise.reject(new Error(reason)),
});
const missing = (name: string) => keyring(name, failing("no such keyring"));
const locked = (name: string) => keyring(name, failing("the prompt was dismissed"));

/** The location that a folder records. */
function folder(known?: string): KeyLocation & { known: string | undefined } {
  return {
    known,
    read() {
      return this.known;
    },
    async write(name) {
      this.known = name;
    },
  };
}

const search = (stores: readonly KeyStore[], more: Partial<KeySearch> = {}) =>
  findKey({
    account: "mine",
    keyrings: async () => stores,
    exclusively: (work) => work(async () => undefined),
    unencrypted: undefined,
    location: folder(),
    ...more,
  });

it("a key is created in the first keyring and found there later, and the self test leaves no item", async () => {
  const [first, second] = [keyring("first"), keyring("second")];
  const location = folder();
  const key = await search([first.store, second.store], { location });
  expect(await search([first.store, second.store], { location })).toBe(key);
  expect([[...first.items.keys()], [...second.items.keys()], location.known]).toEqual([["mine"], [], "first"]);
});

it("each cache has its own key", async () => {
  const { store } = keyring("only");
  const keys = [await search([store]), await search([store], { account: "theirs" })];
  expect(keys.map((key) => typeof key)).toEqual(["string", "string"]);
  expect(keys[0]).not.toBe(keys[1]);
});

it("an existing key is used before a new one is created in an earlier keyring", async () => {
  const key = await search([keyring("made").store]);
  const second = keyring("second");
  second.items.set("mine", key);
  expect(await search([keyring("first").store, second.store])).toBe(key);
});

it("keyrings that do not exist or do not keep items are skipped", async () => {
  const forgetful = keyring("forgetful", { read: async () => undefined });
  const last = keyring("last");
  const location = folder();
  const key = await search([missing("missing").store, forgetful.store, last.store], { location });
  expect([last.items.get("mine"), location.known]).toEqual([key, "last"]);
});

it("a key that another process creates meanwhile is used", async () => {
  const theirs = await search([keyring("theirs").store]);
  const { store, items } = keyring("only");
  const key = await search([store], {
    exclusively: async (work) => {
      items.set("mine", theirs);
      return work(async () => undefined);
    },
  });
  expect(key).toBe(theirs);
});

it("a key file is the last resort, and only where it is allowed", async () => {
  const open = keyring("key file");
  expect(await search([missing("a").store], { unencrypted: open.store })).toBe(open.items.get("mine"));
  const fine = keyring("fine");
  await search([fine.store], { unencrypted: keyring("key file").store });
  expect(fine.items.has("mine")).toBe(true);
});

it("without a working keyring, the error has the reason of each", async () => {
  const error = search([missing("Secret Service").store, keyring("kernel keyring", { write: async () => {} }).store]);
  await expect(error).rejects.toMatchObject({ code: "no-store-key" });
  await expect(error).rejects.toThrow(/Secret Service: "no such keyring"; kernel keyring: /);
});

it("without the keyring library, only a key file can be used", async () => {
  const keyrings = () => Promise.reject(new Error("Cannot find module"));
  await expect(search([], { keyrings })).rejects.toMatchObject({ code: "no-store-key" });
  const open = keyring("key file");
  expect(await search([], { keyrings, unencrypted: open.store })).toBe(open.items.get("mine"));
});

/** Runs a search that has to fail, and checks that it changes no keyring and no key file. */
async function refused(
  stores: readonly ReturnType<typeof keyring>[],
  location: KeyLocation & { known?: string | undefined },
) {
  const unencrypted = keyring("key file");
  const all = [...stores, unencrypted];
  const before = all.map(({ items }) => [...items]);
  const known = location.known;
  const keyrings = async () => stores.map(({ store }) => store);
  const error = await search([], { keyrings, unencrypted: unencrypted.store, location }).catch(
    (thrown: unknown) => thrown,
  );
  expect([all.map(({ items }) => [...items]), location.known]).toEqual([before, known]);
  expect(resultFaults(error)).toEqual([]);
  return error;
}
const unreadable = { code: "store-key-unreadable", remedy: expect.stringContaining("AZIDENTITY_CACHE_KEY") };

it.each([undefined, "first", "second"])("no key is created while a keyring is locked (known: %s)", async (known) => {
  const stores = known === "second" ? [keyring("first"), locked("second")] : [locked("first"), keyring("second")];
  expect(await refused(stores, folder(known))).toMatchObject(unreadable);
});

it("no key is created elsewhere when a keyring without a key is locked for writing", async () => {
  const closed = keyring("first", { write: () => Promise.reject(new Error("locked")) });
  expect(await refused([closed, keyring("second")], folder())).toMatchObject(unreadable);
});

it.each(["first", "Secret Service"])(
  "no key is created elsewhere when the keyring that has it does not exist any more (%s)",
  async (known) => {
    expect(await refused([missing("first"), keyring("second")], folder(known))).toMatchObject(unreadable);
  },
);

it("an item that is not a key is not replaced", async () => {
  const odd = keyring("first");
  odd.items.set("mine", "something else");
  expect(await refused([odd, keyring("second")], folder())).toMatchObject(unreadable);
});

it("no key is created when its location cannot be read", async () => {
  const location = {
    read: () => {
      throw new Error("EACCES");
    },
    write: async () => {},
  };
  expect(await refused([keyring("first")], location)).toMatchObject(unreadable);
});

it("a key that a keyring shows after its prompt was answered is used", async () => {
  const old = await search([keyring("old").store]);
  const items = new Map([["mine", old]]);
  let open = false;
  const { store } = keyring("locked", {
    read: async (account) => (open ? items.get(account) : undefined),
    write: async (account, secret) => {
      open = true;
      items.set(account, secret);
    },
    remove: async (account) => void items.delete(account),
  });
  expect(await search([store], { location: folder("locked") })).toBe(old);
  expect(items).toEqual(new Map([["mine", old]]));
});

it("a new key is created when the known keyring has lost it, as the kernel keyring does at a restart", async () => {
  const [better, kernel] = [keyring("better"), keyring("kernel")];
  const location = folder("kernel");
  const key = await search([better.store, kernel.store], { location });
  expect([better.items.get("mine"), kernel.items.size, location.known]).toEqual([key, 0, "better"]);
});

it("only the keyring that is known to have the key is read", async () => {
  const key = await search([keyring("made").store]);
  const second = keyring("second");
  second.items.set("mine", key);
  expect(await search([locked("first").store, second.store], { location: folder("second") })).toBe(key);
});

it("no key is created when the lock was lost while a prompt was open", async () => {
  const { store, items } = keyring("only");
  const lost = search([store], { exclusively: (work) => work(() => Promise.reject(new Error("lost"))) });
  await expect(lost).rejects.toThrow("lost");
  expect(items.size).toBe(0);
});

it.each([
  ['Requires ffi access to "/k.node", run again with the --allow-ffi flag', "--allow-ffi"],
  ["Cannot load native addon because loading addons is disabled.", "--allow-addons"],
])("a runtime that does not load the library of the keyrings (%s) needs the flag %s", async (text, flag) => {
  const noLibrary = new Error("Cannot find native binding.", {
    cause: new Error("no wasm", { cause: new Error(text) }),
  });
  await expect(search([], { keyrings: () => Promise.reject(noLibrary) })).rejects.toMatchObject({
    code: "no-store-key",
    remedy: `Start the program with ${flag}, or set a key in AZIDENTITY_CACHE_KEY (openssl rand -base64 32).`,
  });
});
