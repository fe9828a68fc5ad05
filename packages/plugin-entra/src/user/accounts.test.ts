import { services, type TokenStore } from "@azidentity/core/plugin";
import { createFakeClock, createMemoryStore, createTestContext } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { createAccounts } from "./accounts.ts";

const application = { sourceName: "device-code", clientId: "APP" };

const of = (name: string, refreshToken = `refresh-of-${name}`) => ({
  record: { authority: "a", homeAccountId: `${name}.t`, clientId: "APP", tenantId: "t", username: `${name}@x.example` },
  refreshToken,
});

function setUp(store?: TokenStore, clientId = application.clientId) {
  const clock = createFakeClock();
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  const log = { error: tell, warn: tell, info: tell, debug: tell };
  const found = new Map<symbol, unknown>(store === undefined ? [] : [[services.tokenStore, store]]);
  const context = createTestContext({ clock, log, services: found });
  return { accounts: createAccounts({ ...application, clientId }, context), clock, told };
}

const names = (records: readonly { readonly username: string }[]) => records.map(({ username }) => username[0]);

describe.each([
  ["without a store", () => undefined],
  ["with one", () => createMemoryStore(createFakeClock())],
])("users %s", (_, make) => {
  it("are kept apart, and known by name, the last one last", async () => {
    const { accounts } = setUp(make());
    for (const name of ["ann", "bob", "ann"]) await accounts.add(of(name));
    expect(names(await accounts.list())).toEqual(["b", "a"]);
    expect(await accounts.read("bob.t")).toEqual(of("bob"));
    expect(await accounts.read("eve.t")).toBeUndefined();
  });

  it("have the newest refresh token", async () => {
    const { accounts } = setUp(make());
    await accounts.add(of("ann"));
    await accounts.keep(of("ann", "second"));
    expect(await accounts.read("ann.t")).toEqual(of("ann", "second"));
  });

  it("are forgotten when their refresh token is refused, unless there is a newer one", async () => {
    const { accounts } = setUp(make());
    await accounts.add(of("ann"));
    await accounts.keep(of("ann", "second"));
    await accounts.drop("ann.t", "refresh-of-ann");
    expect(await accounts.read("ann.t")).toEqual(of("ann", "second"));
    await accounts.drop("ann.t", "second");
    expect(await accounts.read("ann.t")).toBeUndefined();
    expect(await accounts.list()).toEqual([]);
  });
});

describe("in a store", () => {
  it("users belong to their application, whoever asks", async () => {
    const store = createMemoryStore(createFakeClock());
    await setUp(store).accounts.add(of("ann"));
    expect(names(await setUp(store, "app").accounts.list())).toEqual(["a"]);
    expect(await setUp(store, "another").accounts.list()).toEqual([]);
  });

  it("nothing is kept of a user but who it is, and the refresh token", async () => {
    const store = createMemoryStore(createFakeClock());
    await setUp(store).accounts.add(of("ann"));
    const stored: unknown[] = [];
    for await (const { key } of store.list?.() ?? [])
      stored.push(JSON.parse(new TextDecoder().decode(await store.get(key))));
    expect(stored).toEqual(expect.arrayContaining([of("ann"), [of("ann").record]]));
    expect(stored).toHaveLength(2);
  });

  it.each(["{", "null", "5", '{"refreshToken":"x"}', '{"record":{}}'])("%s is nobody", async (text) => {
    const store = createMemoryStore(createFakeClock());
    const { accounts } = setUp(store);
    await accounts.add(of("ann"));
    for await (const { key } of store.list?.() ?? []) await store.set(key, new TextEncoder().encode(text));
    expect(await accounts.read("ann.t")).toBeUndefined();
    expect(await accounts.list()).toEqual([]);
    await accounts.add(of("bob"));
    expect(names(await accounts.list())).toEqual(["b"]);
  });

  it("a hundred are known by name, and all are kept", async () => {
    const { accounts } = setUp(createMemoryStore(createFakeClock()));
    for (let n = 0; n < 120; n++) await accounts.add(of(`user${n}`));
    expect(await accounts.list()).toHaveLength(100);
    expect(await accounts.read("user0.t")).toBeDefined();
  });
});

it("the sign-in of one user is never another's, by whatever mistake of a store it is answered with", async () => {
  const store = createMemoryStore(createFakeClock());
  let theirs = "";
  const { accounts } = setUp({ ...store, get: () => store.get(theirs) });
  await accounts.add(of("ann"));
  for await (const { key } of store.list?.() ?? []) if (key.includes("ann")) theirs = key;
  expect(await accounts.read("ann.t")).toEqual(of("ann"));
  expect(await accounts.read("bob.t")).toBeUndefined();
});

describe("a store that", () => {
  const fail = async () => {
    throw new Error("disk full, token=canary");
  };

  it("works again gets what it did not take, beside what it had", async () => {
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
    await accounts.keep(of("bob", "second"));
    expect(await setUp(store).accounts.read("bob.t")).toEqual(of("bob", "second"));
  });

  it("fails is told of once, and users stay signed in without it", async () => {
    const { accounts, told } = setUp({ get: fail, set: fail, delete: fail, update: fail });
    await accounts.add(of("ann"));
    expect(await accounts.read("ann.t")).toEqual(of("ann"));
    expect(told).toHaveLength(1);
    expect(told.join()).not.toContain("canary");
  });

  it("can only be read keeps nobody from staying signed in, and is written to again", async () => {
    const store = createMemoryStore(createFakeClock());
    const fragile = { ...store, update: fail };
    const { accounts } = setUp(fragile);
    await accounts.add(of("ann"));
    expect(await accounts.read("ann.t")).toEqual(of("ann"));
    Object.assign(fragile, { update: store.update });
    await accounts.keep(of("ann", "second"));
    expect(await setUp(store).accounts.read("ann.t")).toEqual(of("ann", "second"));
    await setUp(store).accounts.drop("ann.t", "second");
    expect(await accounts.read("ann.t")).toBeUndefined();
  });

  it("hangs is waited for five seconds, once", async () => {
    const hang = () => new Promise<never>(() => undefined);
    const { accounts, clock } = setUp({ get: hang, set: hang, delete: hang, update: hang });
    const added = accounts.add(of("ann"));
    await clock.advance(5_000);
    await added;
    expect(await accounts.read("ann.t")).toEqual(of("ann"));
    expect(clock.sleepers).toBe(0);
  });
});
