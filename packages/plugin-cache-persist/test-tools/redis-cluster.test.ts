import type { TokenStore } from "@azidentity/core/plugin";
import { createTestContext, testTokenStore } from "@azidentity/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withIoredis } from "../src/redis/connect.ts";
import { openRedisStore, type RedisOptions } from "../src/redis/open.ts";
import { generateKey } from "../src/seal/keys.ts";
import { listOf } from "../test/list-of.ts";
import { realClock } from "../test/real-clock.ts";
import { eventually } from "./eventually.ts";
import { type RedisCluster, startCluster } from "./redis-cluster.ts";

const key = generateKey();
const hour = 3_600_000;
const bytes = (text: string) => new TextEncoder().encode(text);
let names = 0;
const context = createTestContext({ clock: realClock });

const open = (options: RedisOptions, name = `cache-${++names}`) => openRedisStore({ ...options, key, name }, context);

/** Opens a store in a cluster; disposing it closes its connections. */
type OpenIn = (urls: readonly string[], name?: string) => Promise<TokenStore & AsyncDisposable>;
const byUrls: OpenIn = async (url, name) => {
  const store = await open({ url }, name);
  return { ...store, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]?.() };
};
const byIoredis: OpenIn = async (urls, name) => {
  const { client, connected, close } = await withIoredis({ urls, cluster: true, timeoutMs: 500, clock: realClock });
  await connected;
  const store = await open({ client }, name);
  return {
    ...store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]?.();
      close();
    },
  };
};

describe.each<[string, OpenIn]>([
  ["by its URLs with node-redis", byUrls],
  ["with ioredis", byIoredis],
])("the store in a cluster, %s", (_, openIn) => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  testTokenStore({ it }, { create: () => openIn(cluster.urls) });

  it("the store has entries on all nodes of a cluster, and lists each of them once", async () => {
    await using store = await openIn(cluster.urls);
    const keys = Array.from({ length: 60 }, (_, n) => `key ${100 + n}`);
    await Promise.all(keys.map((one) => store.set(one, bytes("value"), Date.now() + hour)));
    expect((await listOf(store)).map((entry) => entry.key)).toEqual(keys);
  });

  it("a deletion in a cluster reaches other processes", async () => {
    const name = `cache-${++names}`;
    await using one = await openIn(cluster.urls, name);
    await using two = await openIn(cluster.urls, name);
    const received: string[] = [];
    one.onDeleted?.((deleted) => received.push(deleted));
    await eventually(async () => {
      await two.delete("key");
      return received.includes("key");
    });
  });

  it("a cluster is used again once the replica of a killed master has taken over", async () => {
    await using store = await openIn(cluster.urls);
    const keys = Array.from({ length: 30 }, (_, n) => `key ${n}`);
    const all = (each: (one: string) => Promise<unknown>) => Promise.allSettled(keys.map(each));
    await all((one) => store.set(one, bytes("value"), Date.now() + hour));
    await cluster.replicated();
    await cluster.first.kill();
    expect((await all((one) => store.get(one))).some(({ status }) => status === "rejected")).toBe(true);
    await eventually(async () => {
      const values = await all((one) => store.get(one));
      return values.every((one) => one.status === "fulfilled" && one.value !== undefined);
    });
  });
});
