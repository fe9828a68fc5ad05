import tls from "node:tls";
import { createTestContext } from "@azidentity/core/testing";
import { expect, it, onTestFinished } from "vitest";
import { withIoredis, withNodeRedis } from "../src/redis/connect.ts";
import { openRedisStore } from "../src/redis/open.ts";
import { generateKey } from "../src/seal/keys.ts";
import { realClock } from "../test/real-clock.ts";
import { tempFolder } from "../test/temp-folder.ts";
import { startTlsRedis } from "./redis-server.ts";

const key = generateKey();
const context = createTestContext({ clock: realClock });
const bytes = (text: string) => new TextEncoder().encode(text);

/** Makes this process trust another authority, like NODE_EXTRA_CA_CERTS. */
function trust(caCertificate: string): void {
  const before = tls.getCACertificates();
  tls.setDefaultCACertificates([...before, caCertificate]);
  onTestFinished(() => tls.setDefaultCACertificates(before));
}

it.each([
  ["node-redis", withNodeRedis],
  ["ioredis", withIoredis],
])("a connection over TLS works with a trusted authority and %s", async (_, connectWith) => {
  await using server = await startTlsRedis(tempFolder());
  trust(server.caCertificate);
  const { client, connected, close } = await connectWith({
    urls: [server.url],
    cluster: false,
    timeoutMs: 500,
    clock: realClock,
  });
  try {
    await connected;
    const store = await openRedisStore({ client, key }, context);
    await store.set("key", bytes("value"), Date.now() + 60_000);
    expect(Buffer.from((await store.get("key")) ?? "").toString()).toBe("value");
  } finally {
    close();
  }
});

it.each([
  ["node-redis", withNodeRedis],
  ["ioredis", withIoredis],
])("a connection over TLS fails without a trusted authority with %s", async (_, connectWith) => {
  await using server = await startTlsRedis(tempFolder());
  const { connected, close } = await connectWith({
    urls: [server.url],
    cluster: false,
    timeoutMs: 500,
    clock: realClock,
  });
  try {
    await expect(connected).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  } finally {
    close();
  }
});

it("a store with a rediss:// URL works if the authority is trusted, and is unreachable otherwise", async () => {
  await using server = await startTlsRedis(tempFolder());
  const untrusted = await openRedisStore({ url: server.url, key }, context);
  await expect(untrusted.get("key")).rejects.toMatchObject({ code: "store-unreachable" });
  await untrusted[Symbol.asyncDispose]?.();
  trust(server.caCertificate);
  const store = await openRedisStore({ url: server.url, key }, context);
  expect(await store.get("key")).toBeUndefined();
  await store[Symbol.asyncDispose]?.();
});
