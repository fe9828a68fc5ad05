import { type StoredUser, userPartitionKey } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import type { MsalCacheContext } from "./plugin-cache.ts";
import { openMsalPluginStore } from "./plugin-store.ts";

const application = { authorityHost: "https://login.microsoftonline.com", clientId: "app" };
const homeAccountId = "11111111-1111-4111-8111-111111111111.22222222-2222-4222-8222-222222222222";
const user: StoredUser = {
  record: {
    authority: "login.windows.net",
    homeAccountId,
    clientId: "app",
    tenantId: homeAccountId.slice(37),
    username: "ann",
  },
  refreshToken: "refresh-1",
};
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array | undefined) => bytes && JSON.parse(new TextDecoder().decode(bytes));
const log = { error() {}, warn() {}, info() {}, debug() {} };

/** A plugin like those in programs: it keeps a text, and writes only what has changed. */
function homeMade(initial = "") {
  const state = { text: initial, writes: 0, isHeld: false };
  const plugin = {
    async beforeCacheAccess({ tokenCache }: MsalCacheContext) {
      expect(state.isHeld).toBe(false);
      state.isHeld = true;
      if (state.text) tokenCache.deserialize(state.text);
    },
    async afterCacheAccess({ cacheHasChanged, tokenCache }: MsalCacheContext) {
      state.isHeld = false;
      if (!cacheHasChanged) return;
      state.text = tokenCache.serialize();
      state.writes += 1;
    },
  };
  return { state, plugins: [async () => plugin] };
}

/**
 * Plugins of names in one item, which hand it over only once it was written elsewhere under their
 * name.
 */
function namesOfOneItem(...names: readonly string[]) {
  const item = { text: "", versions: new Map<string, number>() };
  const write = (name: string, text: string) => {
    item.text = text;
    item.versions.set(name, (item.versions.get(name) ?? 0) + 1);
  };
  const plugins = names.map((name) => async () => {
    let known: number | undefined;
    return {
      async beforeCacheAccess({ tokenCache }: MsalCacheContext) {
        const version = item.versions.get(name) ?? 0;
        if (known !== version && item.text) tokenCache.deserialize(item.text);
        known = version;
      },
      async afterCacheAccess({ cacheHasChanged, tokenCache }: MsalCacheContext) {
        if (!cacheHasChanged) return;
        write(name, tokenCache.serialize());
        known = item.versions.get(name);
      },
    };
  });
  return { item, plugins, write };
}

const open = (plugins: Parameters<typeof openMsalPluginStore>[0]["plugins"]) =>
  openMsalPluginStore({ plugins }, { clock: createFakeClock(), log });

it("keeps who signed in, for another store with the same plugin", async () => {
  const { state, plugins } = homeMade();
  await open(plugins).update(userPartitionKey({ ...application, homeAccountId }), async () => encode(user));
  expect(JSON.parse(state.text)).toMatchObject({ Account: expect.anything(), RefreshToken: expect.anything() });
  const another = open(plugins);
  expect(decode(await another.get(userPartitionKey(application)))).toMatchObject([{ username: "ann" }]);
  expect(decode(await another.get(userPartitionKey({ ...application, homeAccountId })))).toMatchObject({
    refreshToken: "refresh-1",
  });
  expect(state.writes).toBe(1);
});

it("keeps what another library has written, and reads several caches as one", async () => {
  const first = homeMade(JSON.stringify({ AccessToken: { a: { secret: "theirs" } }, AppMetadata: {} }));
  const second = homeMade();
  const store = open([...first.plugins, ...second.plugins]);
  await store.update(userPartitionKey({ ...application, homeAccountId }), async () => encode(user));
  expect(JSON.parse(first.state.text)).toMatchObject({ AccessToken: { a: { secret: "theirs" } } });
  const onlySecond = open([...homeMade().plugins, ...second.plugins]);
  expect(decode(await onlySecond.get(userPartitionKey(application)))).toHaveLength(1);
});

it("reads, changes and keeps an item that another program writes under one of its names", async () => {
  const { item, plugins, write } = namesOfOneItem("cae", "nocae");
  const store = open(plugins);
  const key = userPartitionKey({ ...application, homeAccountId });
  await store.update(key, async () => encode(user));
  write("nocae", JSON.stringify({ ...JSON.parse(item.text), AccessToken: { a: { secret: "theirs" } } }));
  await store.update(key, async () => encode({ ...user, refreshToken: "refresh-2" }));
  expect(JSON.parse(item.text)).toMatchObject({ AccessToken: { a: { secret: "theirs" } } });
  expect(Object.values(JSON.parse(item.text).RefreshToken)).toMatchObject([{ secret: "refresh-2" }]);
  const another = open(plugins);
  for (let read = 1; read <= 2; read++)
    expect(decode(await another.get(userPartitionKey(application)))).toHaveLength(1);
});

it("keeps tokens of applications beside the users until they expire, for another store with the same plugin", async () => {
  const clock = createFakeClock();
  const { state, plugins } = homeMade(JSON.stringify({ RefreshToken: { a: { secret: "theirs" } } }));
  const opened = () => openMsalPluginStore({ plugins }, { clock, log });
  await opened().set("key", encode(1), clock.now() + 1_000);
  await opened().set("other", encode(2), clock.now() + 5_000);
  expect(decode(await opened().get("key"))).toBe(1);
  await clock.advance(2_000);
  expect(await opened().get("key")).toBeUndefined();
  await opened().delete("none");
  expect(JSON.parse(state.text)).toEqual({
    RefreshToken: { a: { secret: "theirs" } },
    azidentity: { other: expect.anything() },
  });
});

it.each([
  ["that is not a cache of MSAL", homeMade("[]")],
  ["that cannot be opened", { plugins: [async () => Promise.reject(new Error("no keyring"))] }],
])("works without a plugin %s, and never overwrites it", async (_, { plugins, ...rest }) => {
  const store = open(plugins);
  await store.update(userPartitionKey({ ...application, homeAccountId }), async () => encode(user));
  expect(decode(await store.get(userPartitionKey({ ...application, homeAccountId })))).toMatchObject({
    refreshToken: "refresh-1",
  });
  if ("state" in rest) expect((rest.state as { text: string }).text).toBe("[]");
});
