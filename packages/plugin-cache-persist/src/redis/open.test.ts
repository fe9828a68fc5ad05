import { createTestContext } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { generateKey } from "../seal/keys.ts";
import { openRedisStore, type RedisOptions } from "./open.ts";

const key = generateKey();

it.each<[string, RedisOptions, string]>([
  ["no key", { url: "redis://localhost" }, "no-store-key"],
  ["an invalid key", { url: "redis://localhost", key: "c4n4ry" }, "invalid-store-key"],
  ["no URL", { key }, "invalid-redis-url"],
  ["an empty list of URLs", { key, url: [] }, "invalid-redis-url"],
  ["a URL of another scheme", { key, url: "https://c4n4ry@host" }, "invalid-redis-url"],
  ["a malformed URL", { key, url: "redis://c4n4ry@[::" }, "invalid-redis-url"],
  ["an invalid name", { key, url: "redis://localhost", name: "a:b" }, "invalid-store-name"],
])("the Redis store with %s is refused, without a secret in the message", async (_, options, code) => {
  const error = openRedisStore(options, createTestContext());
  await expect(error).rejects.toMatchObject({ code });
  await expect(error).rejects.not.toThrow(/c4n4ry/);
});
