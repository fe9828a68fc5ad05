import { services, type TokenStore } from "@azidentity/core/plugin";
import { createFakeClock, createMemoryStore, createTestContext } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { createAccounts } from "./accounts.ts";

const application = { clientId: "APP" };

const of = (name: string, refreshToken = `refresh-of-${name}`) => ({
  record: { authority: "a", homeAccountId: `${name}.t`, clientId: "APP", tenantId: "t", username: `${name}@x.example` },
  refreshToken,
});

function setUp(store?: TokenStore, clientId = application.clientId) {
  const found = new Map<symbol, unknown>(store === undefined ? [] : [[services.tokenStore, store]]);
  const context = createTestContext({ clock: createFakeClock(), services: found });
  return { accounts: createAccounts({ clientId }, context) };
}

const names = (records: readonly { readonly username: string }[]) => records.map(({ username }) => username[0]);

describe.each([
  ["without a store", () => undefined],
  ["with a store", () => createMemoryStore(createFakeClock())],
])("accounts %s", (_, make) => {
  it("are stored separately, and listed with the most recent last", async () => {
    const { accounts } = setUp(make());
    for (const name of ["ann", "bob", "ann"]) await accounts.add(of(name));
    expect(names(await accounts.list())).toEqual(["b", "a"]);
    expect(await accounts.read("bob.t")).toEqual(of("bob"));
    expect(await accounts.read("eve.t")).toBeUndefined();
  });

  it("return the newest refresh token", async () => {
    const { accounts } = setUp(make());
    await accounts.add(of("ann"));
    await accounts.save(of("ann", "second"));
    expect(await accounts.read("ann.t")).toEqual(of("ann", "second"));
  });

  it("are removed when their refresh token is refused, unless there is a newer one", async () => {
    const { accounts } = setUp(make());
    await accounts.add(of("ann"));
    await accounts.save(of("ann", "second"));
    await accounts.remove("ann.t", "refresh-of-ann");
    expect(await accounts.read("ann.t")).toEqual(of("ann", "second"));
    await accounts.remove("ann.t", "second");
    expect(await accounts.read("ann.t")).toBeUndefined();
    expect(await accounts.list()).toEqual([]);
  });
});

describe("a store of accounts", () => {
  it("a store of accounts lists the users of one application only", async () => {
    const store = createMemoryStore(createFakeClock());
    await setUp(store).accounts.add(of("ann"));
    expect(names(await setUp(store, "app").accounts.list())).toEqual(["a"]);
    expect(await setUp(store, "another").accounts.list()).toEqual([]);
  });

  it("a store of accounts holds only the record and the refresh token of a user", async () => {
    const store = createMemoryStore(createFakeClock());
    await setUp(store).accounts.add(of("ann"));
    const stored: unknown[] = [];
    for await (const { key } of store.list?.() ?? [])
      stored.push(JSON.parse(new TextDecoder().decode(await store.get(key))));
    expect(stored).toEqual(expect.arrayContaining([of("ann"), [of("ann").record]]));
    expect(stored).toHaveLength(2);
  });

  it.each(["{", "null", "5", '{"refreshToken":"x"}', '{"record":{}}'])(
    "treats the stored text %s as no account",
    async (text) => {
      const store = createMemoryStore(createFakeClock());
      const { accounts } = setUp(store);
      await accounts.add(of("ann"));
      for await (const { key } of store.list?.() ?? []) await store.set(key, new TextEncoder().encode(text));
      expect(await accounts.read("ann.t")).toBeUndefined();
      expect(await accounts.list()).toEqual([]);
      await accounts.add(of("bob"));
      expect(names(await accounts.list())).toEqual(["b"]);
    },
  );

  it("a store of accounts lists a hundred users, and stores all of them", async () => {
    const { accounts } = setUp(createMemoryStore(createFakeClock()));
    for (let n = 0; n < 120; n++) await accounts.add(of(`user${n}`));
    expect(await accounts.list()).toHaveLength(100);
    expect(await accounts.read("user0.t")).toBeDefined();
  });
});

it("an account that a faulty store returns for another user is ignored", async () => {
  const store = createMemoryStore(createFakeClock());
  let theirs = "";
  const { accounts } = setUp({ ...store, get: () => store.get(theirs) });
  await accounts.add(of("ann"));
  for await (const { key } of store.list?.() ?? []) if (key.includes("ann")) theirs = key;
  expect(await accounts.read("ann.t")).toEqual(of("ann"));
  expect(await accounts.read("bob.t")).toBeUndefined();
});

describe("a token store that", () => {
  const fail = async () => {
    throw new Error("disk full");
  };

  it("recovers receives the changes that it failed to save, and keeps its earlier contents", async () => {
    const store = createMemoryStore(createFakeClock());
    let works = true;
    const update: typeof store.update = (key, change) => (works ? store.update(key, change) : fail());
    const { accounts } = setUp({ ...store, update });
    await accounts.add(of("ann"));
    works = false;
    await accounts.add(of("bob"));
    await accounts.add(of("cleo"));
    expect(names(await accounts.list())).toEqual(["a", "b", "c"]);
    works = true;
    await accounts.add(of("dan"));
    expect(names(await setUp(store).accounts.list())).toEqual(["a", "b", "c", "d"]);
    await accounts.save(of("bob", "second"));
    expect(await setUp(store).accounts.read("bob.t")).toEqual(of("bob", "second"));
  });

  it("a token store that fails leaves users signed in without it", async () => {
    const { accounts } = setUp({ get: fail, set: fail, delete: fail, update: fail });
    await accounts.add(of("ann"));
    expect(await accounts.read("ann.t")).toEqual(of("ann"));
  });

  it("cannot be written keeps users signed in, and is written again once it can", async () => {
    const store = createMemoryStore(createFakeClock());
    const fragile = { ...store, update: fail };
    const { accounts } = setUp(fragile);
    await accounts.add(of("ann"));
    expect(await accounts.read("ann.t")).toEqual(of("ann"));
    Object.assign(fragile, { update: store.update });
    await accounts.save(of("ann", "second"));
    expect(await setUp(store).accounts.read("ann.t")).toEqual(of("ann", "second"));
    await setUp(store).accounts.remove("ann.t", "second");
    expect(await accounts.read("ann.t")).toBeUndefined();
  });
});
