import { createTestContext } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { generateKey } from "../seal/keys.ts";
import { openRedisStore, type RedisOptions } from "./open.ts";

const key = generateKey();

it.each<[string, RedisOptions, string]>([
  ["no key", { url: "redis://localhost" }, "no-store-key"],
  ["a key that is none", { url: "redis://localhost", key: "c4n4ry" }, "invalid-store-key"],
  ["no URL", { key }, "invalid-redis-url"],
  ["no URL in a list", { key, url: [] }, "invalid-redis-url"],
  ["a URL of something else", { key, url: "https://c4n4ry@host" }, "invalid-redis-url"],
  ["a URL that cannot be read", { key, url: "redis://c4n4ry@[::" }, "invalid-redis-url"],
  ["a name that is no word", { key, url: "redis://localhost", name: "a:b" }, "invalid-store-name"],
])("is refused with %s, without a secret in the message", async (_, options, code) => {
  const error = openRedisStore(options, createTestContext());
  await expect(error).rejects.toMatchObject({ code });
  await expect(error).rejects.not.toThrow(/c4n4ry/);
});
