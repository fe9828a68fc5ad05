import { userPartitionKey } from "@azidentity/core/plugin";
import { createFakeClock, createMemoryStore, testTokenStore } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { shareUsers } from "./share-users.ts";
import type { SharedCache } from "./shared-cache.ts";
import { type UnifiedCache, usersOf, withUser } from "./unified-cache.ts";

const application = { authorityHost: "https://login.microsoftonline.com", clientId: "app" };
const userOf = (homeAccountId: string, refreshToken: string) => ({
  record: { authority: "login.windows.net", homeAccountId, clientId: "app", tenantId: "t", username: homeAccountId },
  refreshToken,
});
const ann = "ann.t";
const bob = "bob.t";
const keyOf = (homeAccountId?: string) => userPartitionKey({ ...application, homeAccountId });
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

type Open = () => Promise<SharedCache>;

function setUp(openShared?: Open) {
  const clock = createFakeClock(Date.now());
  const own = createMemoryStore(clock);
  const failures: unknown[] = [];
  const state: { cache: UnifiedCache } = { cache: {} };
  const shared = {
    read: async () => state.cache,
    change: async (change: (cache: UnifiedCache) => UnifiedCache) => {
      state.cache = change(state.cache);
    },
  };
  const open = openShared ?? (async () => shared);
  const store = shareUsers(own, { clock, open, onFailed: (error) => failures.push(error) });
  const read = async (key: string) => {
    const bytes = await store.get(key);
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  };
  const signInElsewhere = (id: string, token: string) => {
    state.cache = withUser(state.cache, application, userOf(id, token));
  };
  const sharedTokens = () => usersOf(state.cache, application).map(({ refreshToken }) => refreshToken);
  return { store, own, clock, read, failures, signInElsewhere, sharedTokens };
}

describe("a store that shares users", () => {
  testTokenStore({ it }, { create: () => setUp().store });
});

it("users who signed in with other tools are found by id and in the list", async () => {
  const { read, signInElsewhere } = setUp();
  expect(await read(keyOf())).toBeUndefined();
  signInElsewhere(ann, "r1");
  expect(await read(keyOf(ann))).toMatchObject({ refreshToken: "r1", record: { homeAccountId: ann, clientId: "app" } });
  expect(await read(keyOf(bob))).toBeUndefined();
  expect(await read(keyOf())).toMatchObject([{ homeAccountId: ann }]);
});

it("the list has each user once, our own last", async () => {
  const { store, read, signInElsewhere } = setUp();
  signInElsewhere(ann, "r1");
  signInElsewhere(bob, "r2");
  await store.update(keyOf(), async () => encode([userOf(bob, "").record]));
  expect((await read(keyOf())).map(({ homeAccountId }: { homeAccountId: string }) => homeAccountId)).toEqual([
    ann,
    bob,
  ]);
});

it("users who sign in here are added to the shared cache with their newest refresh token", async () => {
  const { store, sharedTokens } = setUp();
  await store.update(keyOf(ann), async () => encode(userOf(ann, "r1")));
  expect(sharedTokens()).toEqual(["r1"]);
  await store.update(keyOf(ann), async () => encode(userOf(ann, "r2")));
  expect(sharedTokens()).toEqual(["r2"]);
});

it("an update sees the shared user, and deleting a refused token removes it from the shared cache", async () => {
  const { store, own, read, signInElsewhere, sharedTokens } = setUp();
  signInElsewhere(ann, "r1");
  await store.update(keyOf(ann), async (current) => {
    expect(new TextDecoder().decode(current)).toContain("r1");
    return undefined;
  });
  expect(sharedTokens()).toEqual([]);
  expect([await own.get(keyOf(ann)), await read(keyOf(ann))]).toEqual([undefined, undefined]);
});

const noKeyring = () => Promise.reject(new Error("no keyring"));

it("the store works without the shared cache", async () => {
  const { store, read, failures } = setUp(noKeyring);
  await store.update(keyOf(ann), async () => encode(userOf(ann, "r1")));
  expect(await read(keyOf(ann))).toMatchObject({ refreshToken: "r1" });
  expect(await read(keyOf())).toBeUndefined();
  expect(failures).toHaveLength(1);
});

it("a shared cache that hangs costs three seconds, and is then not used for five minutes", async () => {
  let opened = 0;
  const { clock, read, failures } = setUp(() => {
    opened++;
    return new Promise(() => {});
  });
  const first = read(keyOf());
  await clock.advance(3_000);
  expect(await first).toBeUndefined();
  expect(await read(keyOf())).toBeUndefined();
  expect([failures.length, opened]).toEqual([1, 1]);
  await clock.advance(300_000);
  const later = read(keyOf());
  await clock.advance(3_000);
  await later;
  expect(opened).toBe(2);
});

it("access tokens are not looked up in the shared cache", async () => {
  const { store, failures } = setUp(noKeyring);
  await store.set("key", encode("value"));
  await store.update("key", async (current) => current);
  expect(await store.get("key")).toEqual(encode("value"));
  expect(failures).toEqual([]);
});
