import { expect, it } from "vitest";
import { findKey, type KeySearch } from "./find-key.ts";
import type { KeyPlace } from "./key-place.ts";
import type { KeyStore } from "./keyring.ts";

function keyring(name: string, more: Partial<KeyStore> = {}) {
  const kept = new Map<string, string>();
  const store: KeyStore = {
    name,
    unlock: "Unlock it",
    isMissing: (error) => (error as Error).message === "no such keyring",
    read: async (account) => kept.get(account),
    write: async (account, secret) => void kept.set(account, secret),
    remove: async (account) => void kept.delete(account),
    ...more,
  };
  return { store, kept };
}
const failing = (reason: string): Partial<KeyStore> => ({
  read: () => Promise.reject(new Error(reason)),
  write: () => Promise.reject(new Error(reason)),
});
const missing = (name: string) => keyring(name, failing("no such keyring"));
const locked = (name: string) => keyring(name, failing("the prompt was dismissed"));

/** The place that a folder remembers. */
function folder(home?: string): KeyPlace & { home: string | undefined } {
  return {
    home,
    read() {
      return this.home;
    },
    async write(name) {
      this.home = name;
    },
  };
}

const search = (stores: readonly KeyStore[], more: Partial<KeySearch> = {}) =>
  findKey({
    account: "mine",
    keyrings: async () => stores,
    alone: (work) => work(async () => undefined),
    unsafe: undefined,
    place: folder(),
    ...more,
  });

it("makes a key in the first keyring, finds it there from then on, and leaves nothing of its test", async () => {
  const [first, second] = [keyring("first"), keyring("second")];
  const place = folder();
  const key = await search([first.store, second.store], { place });
  expect(await search([first.store, second.store], { place })).toBe(key);
  expect([[...first.kept.keys()], [...second.kept.keys()], place.home]).toEqual([["mine"], [], "first"]);
});

it("gives caches keys of their own", async () => {
  const { store } = keyring("only");
  expect(await search([store])).not.toBe(await search([store], { account: "theirs" }));
});

it("prefers a key that is there to making one in a better place", async () => {
  const key = await search([keyring("made").store]);
  const second = keyring("second");
  second.kept.set("mine", key);
  expect(await search([keyring("first").store, second.store])).toBe(key);
});

it("passes over a keyring that does not exist, and one that says yes and keeps nothing", async () => {
  const forgetful = keyring("forgetful", { read: async () => undefined });
  const last = keyring("last");
  const place = folder();
  const key = await search([missing("missing").store, forgetful.store, last.store], { place });
  expect([last.kept.get("mine"), place.home]).toEqual([key, "last"]);
});

it("looks again before it makes one, because another process may have been faster", async () => {
  const theirs = await search([keyring("theirs").store]);
  const { store, kept } = keyring("only");
  const key = await search([store], {
    alone: async (work) => {
      kept.set("mine", theirs);
      return work(async () => undefined);
    },
  });
  expect(key).toBe(theirs);
});

it("takes the place without encryption last, and only when it may", async () => {
  const open = keyring("key file");
  expect(await search([missing("a").store], { unsafe: open.store })).toBe(open.kept.get("mine"));
  const fine = keyring("fine");
  await search([fine.store], { unsafe: keyring("key file").store });
  expect(fine.kept.has("mine")).toBe(true);
});

it("says of every place why it does not work", async () => {
  const error = search([missing("Secret Service").store, keyring("kernel keyring", { write: async () => {} }).store]);
  await expect(error).rejects.toMatchObject({ code: "no-store-key" });
  await expect(error).rejects.toThrow(/Secret Service: no such keyring; kernel keyring: /);
});

it("goes without keyrings where their library is not installed", async () => {
  const keyrings = () => Promise.reject(new Error("Cannot find module"));
  await expect(search([], { keyrings })).rejects.toMatchObject({ code: "no-store-key" });
  const open = keyring("key file");
  expect(await search([], { keyrings, unsafe: open.store })).toBe(open.kept.get("mine"));
});

/** Runs a search that has to fail, with a place without encryption beside the keyrings; what it left in each. */
async function refused(stores: readonly ReturnType<typeof keyring>[], place: KeyPlace & { home?: string | undefined }) {
  const unsafe = keyring("key file");
  const all = [...stores, unsafe];
  const before = all.map(({ kept }) => [...kept]);
  const home = place.home;
  const keyrings = async () => stores.map(({ store }) => store);
  const error = await search([], { keyrings, unsafe: unsafe.store, place }).catch((thrown: unknown) => thrown);
  expect([all.map(({ kept }) => [...kept]), place.home]).toEqual([before, home]);
  return error;
}
const unreadable = { code: "store-key-unreadable", remedy: expect.stringContaining("AZIDENTITY_CACHE_KEY") };

it.each([undefined, "first", "second"])("makes no key anywhere while a keyring is locked (known: %s)", async (home) => {
  const stores = home === "second" ? [keyring("first"), locked("second")] : [locked("first"), keyring("second")];
  expect(await refused(stores, folder(home))).toMatchObject(unreadable);
});

it("makes no key elsewhere when a keyring that holds none cannot be written because it is locked", async () => {
  const closed = keyring("first", { write: () => Promise.reject(new Error("locked")) });
  expect(await refused([closed, keyring("second")], folder())).toMatchObject(unreadable);
});

it.each(["first", "Secret Service"])(
  "makes no key elsewhere when the keyring that is known to hold it has gone (%s)",
  async (home) => {
    expect(await refused([missing("first"), keyring("second")], folder(home))).toMatchObject(unreadable);
  },
);

it("replaces nothing that is no key", async () => {
  const odd = keyring("first");
  odd.kept.set("mine", "something else");
  expect(await refused([odd, keyring("second")], folder())).toMatchObject(unreadable);
});

it("makes no key when it cannot be told where the key is", async () => {
  const place = {
    read: () => {
      throw new Error("EACCES");
    },
    write: async () => {},
  };
  expect(await refused([keyring("first")], place)).toMatchObject(unreadable);
});

it("takes the key that a keyring shows once its prompt was answered", async () => {
  const old = await search([keyring("old").store]);
  const kept = new Map([["mine", old]]);
  let open = false;
  const { store } = keyring("locked", {
    read: async (account) => (open ? kept.get(account) : undefined),
    write: async (account, secret) => {
      open = true;
      kept.set(account, secret);
    },
    remove: async (account) => void kept.delete(account),
  });
  expect(await search([store], { place: folder("locked") })).toBe(old);
  expect(kept).toEqual(new Map([["mine", old]]));
});

it("makes a new key where the known keyring works and has lost it, as the kernel's does at a restart", async () => {
  const [better, kernel] = [keyring("better"), keyring("kernel")];
  const place = folder("kernel");
  const key = await search([better.store, kernel.store], { place });
  expect([better.kept.get("mine"), kernel.kept.size, place.home]).toEqual([key, 0, "better"]);
});

it("asks only the keyring that is known to hold the key", async () => {
  const key = await search([keyring("made").store]);
  const second = keyring("second");
  second.kept.set("mine", key);
  expect(await search([locked("first").store, second.store], { place: folder("second") })).toBe(key);
});

it("makes no key when its lock was lost while a prompt was open", async () => {
  const { store, kept } = keyring("only");
  const lost = search([store], { alone: (work) => work(() => Promise.reject(new Error("lost"))) });
  await expect(lost).rejects.toThrow("lost");
  expect(kept.size).toBe(0);
});
