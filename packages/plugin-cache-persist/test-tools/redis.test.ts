import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Clock } from "@azidentity/core/plugin";
import { createFakeClock, createTestContext, testTokenStore } from "@azidentity/core/testing";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRedisStore, type RedisOptions } from "../src/redis/open.ts";
import { generateKey } from "../src/seal/keys.ts";
import { listOf } from "../test/list-of.ts";
import { realClock } from "../test/real-clock.ts";
import { eventually } from "./eventually.ts";
import { password, type RedisServer, startRedis } from "./redis-server.ts";

const key = generateKey();
const hour = 3_600_000;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => value && new TextDecoder().decode(value);

let server: RedisServer;
let names = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** A store that is separate from those of other tests, unless it has the same name. */
async function open(options: RedisOptions = {}, clock: Clock = realClock) {
  const warnings: string[] = [];
  const silent = () => {};
  const log = { error: silent, warn: (one: string) => warnings.push(one), info: silent, debug: silent };
  const name = options.name ?? `cache-${++names}`;
  const context = createTestContext({ clock, log });
  const store = await openRedisStore({ url: server.url, key, ...options, name }, context);
  return { store, name, warnings, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]?.() };
}

describe("with node-redis by URL", () => {
  testTokenStore({ it }, { create: async () => (await open()).store });
});

describe("with a client of ioredis", () => {
  testTokenStore(
    { it },
    {
      create: async () => {
        const client = new Redis(server.url);
        const { store } = await open({ client });
        return { ...store, [Symbol.asyncDispose]: async () => client.disconnect() };
      },
    },
  );
});

describe("with a client of node-redis", () => {
  testTokenStore(
    { it },
    {
      create: async () => {
        const client = await createClient({ url: server.url }).connect();
        const { store } = await open({ client: client as never });
        return { ...store, [Symbol.asyncDispose]: async () => client.destroy() };
      },
    },
  );
});

describe("entries in Redis", () => {
  it("an entry in Redis is encrypted and has an expiry, and its name does not reveal its key", async () => {
    await using one = await open();
    await one.store.set("c4n4ry-key", bytes("c4n4ry-value"), Date.now() + hour);
    const raw = new Redis(server.url);
    try {
      const [name] = await raw.keys(`azidentity:v1:${one.name}:*`);
      const value = Buffer.from((await raw.get(name ?? "")) ?? "", "base64");
      expect([name, value.toString("latin1")].join()).not.toContain("c4n4ry");
      expect(await raw.pttl(name ?? "")).toBeGreaterThan(hour - 60_000);
      expect(await raw.pttl(name ?? "")).toBeLessThanOrEqual(hour);
    } finally {
      raw.disconnect();
    }
  });

  it.each<[string, (value: string, other: string) => string]>([
    ["replaced", () => "bm90aGluZyBvZiBvdXJz"],
    ["replaced by invalid base64", () => "\u0000\u0001"],
    ["altered", (value) => `${value.slice(0, -8)}AAAAAAA=`],
    ["cut", (value) => value.slice(0, 40)],
    ["replaced by the entry of another key", (_, other) => other],
  ])("an entry that was %s is ignored with one warning, and replaced", async (_, spoil) => {
    await using one = await open();
    await one.store.set("theirs", bytes("of another tenant"), Date.now() + hour);
    const raw = new Redis(server.url);
    try {
      const [theirs = ""] = await raw.keys(`azidentity:v1:${one.name}:*`);
      await one.store.set("ours", bytes("ours"), Date.now() + hour);
      const ours = (await raw.keys(`azidentity:v1:${one.name}:*`)).find((name) => name !== theirs) ?? "";
      await raw.set(ours, spoil((await raw.get(ours)) ?? "", (await raw.get(theirs)) ?? ""));
      expect(await one.store.get("ours")).toBeUndefined();
      expect(await one.store.get("ours")).toBeUndefined();
      expect(one.warnings).toHaveLength(1);
      await one.store.set("ours", bytes("new"), Date.now() + hour);
      expect(text(await one.store.get("ours"))).toBe("new");
    } finally {
      raw.disconnect();
    }
  });

  it("after a rotation, entries in Redis are read with the old key and written with the new one", async () => {
    const newer = generateKey();
    await using old = await open();
    await old.store.set("key", bytes("value"), Date.now() + hour);
    await using rotated = await open({ name: old.name, key: newer, previousKeys: [key] });
    expect(text(await rotated.store.get("key"))).toBe("value");
    await rotated.store.set("key", bytes("newer"), Date.now() + hour);
    expect(await old.store.get("key")).toBeUndefined();
  });

  it("an entry that Redis has evicted can be stored again", async () => {
    await using small = await startRedis("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru");
    await using one = await open({ url: small.url });
    for (let n = 0; n < 400; n++) await one.store.set(`key ${n}`, new Uint8Array(10_000), Date.now() + hour);
    const kept = await Promise.all(Array.from({ length: 400 }, (_, n) => one.store.get(`key ${n}`)));
    const gone = kept.indexOf(undefined); // Redis chooses the evicted keys by sampling
    expect(gone).toBeGreaterThanOrEqual(0);
    await one.store.set(`key ${gone}`, new Uint8Array(10_000), Date.now() + hour);
    expect(await one.store.get(`key ${gone}`)).toHaveLength(10_000);
  });

  it("updates of two nodes keep the expiry and lose no change", async () => {
    await using one = await open();
    await using two = await open({ name: one.name });
    await one.store.set("n", bytes("0"), Date.now() + hour);
    const add = async (current: Uint8Array | undefined) => bytes(String(Number(text(current)) + 1));
    await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? one : two).store.update("n", add)));
    expect(text(await one.store.get("n"))).toBe("40");
    expect(await listOf(two.store)).toEqual([{ key: "n", expiresOnTimestamp: expect.any(Number) }]);
  });
});

describe("deletions", () => {
  const byUrl = async () => ({ client: undefined, close: () => {} });
  const ofIoredis = async () => {
    const client = new Redis(server.url);
    return { client, close: () => client.disconnect() };
  };
  const ofNodeRedis = async () => {
    const client = await createClient({ url: server.url }).connect();
    return { client: client as never, close: () => client.destroy() };
  };

  it.each([
    ["node-redis by URL", byUrl],
    ["a client of ioredis", ofIoredis],
    ["a client of node-redis", ofNodeRedis],
  ])("a deletion reaches other processes, and not its sender (%s)", async (_, make) => {
    const { client, close } = await make();
    try {
      await using one = await open(client && { client });
      await using two = await open({ name: one.name });
      const received: string[] = [];
      one.store.onDeleted?.((key) => received.push(`one: ${key}`));
      two.store.onDeleted?.((key) => received.push(`two: ${key}`));
      await eventually(async () => {
        await one.store.delete("first");
        await two.store.delete("second");
        return received.length >= 2;
      });
      expect(new Set(received)).toEqual(new Set(["two: first", "one: second"]));
    } finally {
      close();
    }
  });

  it("messages about deletions do not reveal the key, and forged messages are ignored", async () => {
    await using one = await open();
    const received: string[] = [];
    one.store.onDeleted?.((key) => received.push(key));
    await using two = await open({ name: one.name });
    const raw = new Redis(server.url);
    const seen: string[] = [];
    try {
      await raw.psubscribe(`azidentity:v1:${one.name}:*`);
      raw.on("pmessage", (_pattern, _channel, message) => seen.push(message));
      await eventually(async () => {
        await two.store.delete("c4n4ry");
        return seen.length > 0 && received.length > 0;
      });
      expect(seen.join()).not.toContain("c4n4ry");
      const other = new Redis(server.url);
      for (const forged of [
        "",
        "c4n4ry",
        `${"0".repeat(64)} bm9uc2Vuc2U=`,
        `${"0".repeat(64)} ${seen[0]?.split(" ")[1]}`,
      ]) {
        await other.publish(`azidentity:v1:${one.name}:deleted`, forged);
      }
      other.disconnect();
      await two.store.delete("last");
      await eventually(async () => received.includes("last"));
      expect(new Set(received)).toEqual(new Set(["c4n4ry", "last"]));
    } finally {
      raw.disconnect();
    }
  });

  it.each(["ioredis", "node-redis"])(
    "a subscription to deletions does not keep the process alive (%s)",
    async (library) => {
      const program = join(import.meta.dirname, "listening-program.ts");
      const { stdout } = await promisify(execFile)(process.execPath, [program, server.url, library], {
        timeout: 60_000,
      });
      expect(stdout).toBe("ended\n");
    },
  );

  it("deletions are received again after Redis was restarted", async () => {
    await using own = await startRedis();
    await using one = await open({ url: own.url });
    await using two = await open({ url: own.url, name: one.name });
    const received: string[] = [];
    one.store.onDeleted?.((key) => received.push(key));
    const deleteUntilReceived = (key: string) =>
      eventually(async () => {
        await two.store.delete(key);
        return received.includes(key);
      });
    await deleteUntilReceived("before");
    await own.kill();
    await own.start();
    await deleteUntilReceived("afterwards");
  });
});

it("a blocked event loop does not count against the timeout of Redis", async () => {
  await using one = await open({ timeoutMs: 100 });
  await one.store.set("key", bytes("value"), Date.now() + hour);
  const block = () => {
    for (const until = performance.now() + 300; performance.now() < until; );
  };
  const unsent = one.store.get("key");
  block();
  expect(text(await unsent)).toBe("value");
  const sent = one.store.get("key");
  await new Promise((resolve) => setImmediate(resolve));
  block();
  expect(text(await sent)).toBe("value");
});

describe("a Redis that does not work", () => {
  it("a wrong password makes Redis unreachable, and the message does not contain it", async () => {
    await using one = await open({ url: server.url.replace(password, "c4n4ry") });
    const error = one.store.get("key");
    await expect(error).rejects.toMatchObject({ code: "store-unreachable" });
    await expect(error).rejects.not.toThrow(/c4n4ry/);
  });

  it("a Redis without memory is unreachable", async () => {
    await using full = await startRedis("--maxmemory", "1", "--maxmemory-policy", "noeviction");
    await using one = await open({ url: full.url });
    await expect(one.store.get("key")).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it.each(["node-redis by URL", "a client of ioredis"])(
    "a killed Redis is unreachable, and is used again after a restart (%s)",
    async (by) => {
      await using own = await startRedis();
      const client = by === "node-redis by URL" ? undefined : new Redis(own.url, { retryStrategy: () => 50 });
      client?.on("error", () => {});
      try {
        await using one = await open(client === undefined ? { url: own.url } : { client });
        const load = Promise.allSettled(
          Array.from({ length: 50 }, (_, n) => one.store.set(`key ${n}`, bytes("v"), Date.now() + hour)),
        );
        await own.kill();
        await load;
        await expect(one.store.get("key")).rejects.toMatchObject({ code: "store-unreachable" });
        await own.start();
        await eventually(async () => {
          await one.store.set("key", bytes("back"), Date.now() + hour);
          return text(await one.store.get("key")) === "back";
        });
      } finally {
        client?.disconnect();
      }
    },
  );

  it("a Redis that starts after the store is used as soon as it answers", async () => {
    await using own = await startRedis();
    await own.kill();
    await using one = await open({ url: own.url, timeoutMs: 100 });
    await expect(one.store.get("key")).rejects.toMatchObject({ code: "store-unreachable" });
    await own.start();
    await eventually(async () => (await one.store.get("key")) === undefined);
  });

  it("a Redis that pauses for thirty seconds costs one timeout, and is used again within thirty seconds", async () => {
    await using own = await startRedis();
    const clock = createFakeClock(Date.now());
    await using one = await open({ url: own.url }, clock);
    await one.store.set("key", bytes("value"), clock.now() + hour);
    own.pause();
    try {
      const first = one.store.get("key").catch((error) => error);
      await clock.advance(500);
      expect(await first).toMatchObject({ code: "store-unreachable" });
      for (let second = 0; second < 30; second++) {
        // rejects without advancing the clock, so at once
        await expect(one.store.get("key")).rejects.toMatchObject({ code: "store-unreachable" });
        await clock.advance(1_000);
      }
    } finally {
      own.resume();
    }
    const resumed = clock.monotonic();
    await eventually(async () => {
      if (clock.monotonic() - resumed < 30_000) await clock.advance(100);
      return text(await one.store.get("key")) === "value";
    });
  });

  it("a replica that becomes the master is used from then on", async () => {
    await using master = await startRedis();
    await using replica = await startRedis("--replicaof", "127.0.0.1", String(master.port));
    await using one = await open({ url: replica.url });
    await expect(one.store.get("key")).rejects.toMatchObject({ code: "store-unreachable" });
    await master.kill();
    const admin = new Redis(replica.url);
    try {
      await admin.call("REPLICAOF", "NO", "ONE");
    } finally {
      admin.disconnect();
    }
    await eventually(async () => (await one.store.get("key")) === undefined);
  });
});

it("an entry that is deleted during an update stays deleted", async () => {
  await using one = await open();
  await using two = await open({ name: one.name });
  await one.store.set("key", bytes("old"));
  const updating = one.store.update("key", async () => {
    await two.store.delete("key");
    return bytes("new");
  });
  await expect(updating).rejects.toMatchObject({ code: "store-busy" });
  expect(await two.store.get("key")).toBeUndefined();
});

describe("a lock in Redis", () => {
  it("an update waits for the lock of a killed process to expire", async () => {
    await using one = await open();
    await one.store.update("key", async () => bytes("1"));
    const raw = new Redis(server.url);
    try {
      const [name = ""] = await raw.keys(`azidentity:v1:${one.name}:*`);
      await raw.set(`${name}:lock`, "of-a-killed-process", "PX", 300);
      await one.store.update("key", async () => bytes("2"));
      expect(text(await one.store.get("key"))).toBe("2");
    } finally {
      raw.disconnect();
    }
  });

  it("a process that lost its lock writes nothing", async () => {
    await using one = await open();
    const raw = new Redis(server.url);
    try {
      const updating = one.store.update("key", async () => {
        const [lock = ""] = await raw.keys(`azidentity:v1:${one.name}:*:lock`);
        await raw.set(lock, "of-another-process");
        return bytes("late");
      });
      await expect(updating).rejects.toMatchObject({ code: "store-busy" });
      expect(await one.store.get("key")).toBeUndefined();
    } finally {
      raw.disconnect();
    }
  });
});
