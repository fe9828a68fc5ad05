import { expect, it } from "vitest";
import { outcomeError } from "../../src/errors/outcome-error.ts";
import { defineOptions, definePlugin } from "../../src/options/define-options.ts";
import type { IdentityOptions } from "../../src/runtime/start-place.ts";
import { defineTokenStore } from "../../src/store/define-token-store.ts";
import { tempFolder } from "../temp-folder.ts";
import { countingSource, failure, scope, setUp } from "./set-up.ts";

const store = (name: string, kept = new Map<string, Uint8Array>()) =>
  defineTokenStore({
    name,
    options: defineOptions({ url: { type: "string" } }),
    create: () => ({
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: Uint8Array) => void kept.set(key, value),
      delete: async (key: string) => void kept.delete(key),
      update: async () => {},
    }),
  });

const cache = { store: "mine" };

it("a store serves the token of one process to another with the same subject only", async () => {
  const kept = new Map<string, Uint8Array>();
  const one = countingSource();
  const plugins = [one.plugin, definePlugin({ name: "stores", services: [store("mine", kept)] })];
  expect((await setUp({ plugins, cache }).identity.getToken(scope)).token).toBe("counting-1");
  expect((await setUp({ plugins, cache }).identity.getToken(scope)).token).toBe("counting-1");
  const other = countingSource("counting", { subject: () => "another" });
  expect((await setUp({ plugins: [other.plugin, plugins[1] as never], cache }).identity.getToken(scope)).token).toBe(
    "counting-1",
  );
  expect([one.requests.length, other.requests.length, kept.size]).toEqual([1, 1, 2]);
});

it("expect applies to stored tokens, too", async () => {
  const kept = new Map<string, Uint8Array>();
  const plugins = [countingSource().plugin, definePlugin({ name: "stores", services: [store("mine", kept)] })];
  await setUp({ plugins, cache }).identity.getToken(scope);
  await expect(setUp({ plugins, cache, expect: { tenantId: "t" } }).identity.getToken(scope)).rejects.toMatchObject({
    code: "unverifiable-principal",
  });
});

it.each([
  ["one", [store("file")]],
  ["several", [store("file"), store("redis")]],
])("a store is not used unless the config names it, even if plugins provide %s", async (_, stores) => {
  const used = stores.map((one) => ({ ...one, create: () => expect.fail("it was opened") }));
  const one = countingSource();
  const { identity } = setUp({ plugins: [one.plugin, definePlugin({ name: "stores", services: used })] });
  for (const _ of [1, 2]) expect((await identity.getToken(scope)).token).toBe("counting-1");
  expect(await identity.explain(scope)).not.toHaveProperty("storeFailure");
});

it("the name in the config selects the store", async () => {
  const plugins = [
    countingSource().plugin,
    definePlugin({ name: "stores", services: [store("file"), store("redis")] }),
  ];
  await expect(setUp({ plugins, cache: { url: "x" } }).identity.ready()).rejects.toMatchObject({
    code: "unknown-option",
    path: "cache.url",
    remedy: 'Choose a store: `cache: { store: "file" }` or `cache: { store: "redis" }`.',
  });
  await expect(setUp({ plugins, cache: { store: "rdis" } }).identity.ready()).rejects.toMatchObject({
    code: "unknown-store",
    remedy: 'Did you mean "redis"?',
  });
  const without = setUp({ plugins: [countingSource().plugin], cache: { store: "file" } });
  await expect(without.identity.ready()).rejects.toMatchObject({
    code: "unknown-store",
    remedy: expect.stringContaining("@azidentity/plugin-cache-persist"),
  });
  expect((await setUp({ plugins, cache: { store: "redis", url: "x" } }).identity.getToken(scope)).token).toBe(
    "counting-1",
  );
  expect((await setUp({ plugins, cache: { store: false } }).identity.getToken(scope)).token).toBe("counting-2");
});

it.each<[string, IdentityOptions, object]>([
  ["an unknown option", { cache: { ...cache, ulr: "x" } }, { code: "unknown-option", path: "cache.ulr" }],
  ["an option of the wrong type", { cache: { ...cache, url: 7 } }, { code: "invalid-option", path: "cache.url" }],
  [
    "an unsafe option in production",
    { mode: "production", cache: { ...cache, open: true } },
    { code: "unsafe-option" },
  ],
])("a store is refused for %s before a token is requested", async (_, options, error) => {
  const schema = defineOptions({ url: { type: "string" }, open: { type: "boolean", unsafe: true } });
  const plugins = [definePlugin({ name: "stores", services: [{ ...store("mine"), options: schema }] })];
  await expect(setUp({ plugins, ...options }).identity.ready()).rejects.toMatchObject(error);
});

it("a store may have unsafe options outside production, and references that cannot be resolved yet", async () => {
  const schema = defineOptions({ url: { type: "string" }, open: { type: "boolean", unsafe: true } });
  const plugins = [definePlugin({ name: "stores", services: [{ ...store("mine"), options: schema }] })];
  await setUp({ plugins, cache: { ...cache, open: true, url: { env: "NOT_YET" } } }).identity.ready();
});

it("secrets of a store may not be written into a config file", async () => {
  const schema = defineOptions({ keys: { type: "array", items: { type: "string" }, secret: true } });
  const plugins = [definePlugin({ name: "stores", services: [{ ...store("mine"), options: schema }] })];
  const folder = tempFolder({ "c.json": JSON.stringify({ cache: { ...cache, keys: ["c4n4ry"] } }) });
  const { identity } = setUp({ plugins, config: undefined, configFile: `${folder}/c.json` });
  const error = await failure(identity.ready());
  expect(error).toMatchObject({ code: "inline-secret", path: "cache.keys" });
  expect(String(error)).not.toContain("c4n4ry");
});

it("a store that fails costs no token", async () => {
  const broken = {
    ...store("broken"),
    create: () => {
      throw new Error("disk full");
    },
  };
  const plugins = [countingSource().plugin, definePlugin({ name: "stores", services: [broken] })];
  expect((await setUp({ plugins, cache: { store: "broken" } }).identity.getToken(scope)).token).toBe("counting-1");
});

it("a store that fails is logged once on the default level, and explain and explain.last have the reason", async () => {
  const broken = {
    ...store("broken"),
    create: () => Promise.reject(outcomeError("failed", "No keyring.", { code: "no-store-key", remedy: "Type this." })),
  };
  const warnings: string[] = [];
  const silent = () => {};
  const logger = { error: silent, warn: (text: string) => warnings.push(text), info: silent, debug: silent };
  const plugins = [countingSource().plugin, definePlugin({ name: "stores", services: [broken] })];
  const { identity } = setUp({ plugins, cache: { store: "broken" } }, { logger });
  await identity.getToken(scope);
  await identity.getToken("https://other.azure.net/.default");
  const reason = "No keyring. Type this. [no-store-key]";
  expect(identity.explain.last?.storeFailure).toBe(reason);
  expect((await identity.explain(scope)).storeFailure).toBe(reason);
  expect(warnings).toEqual([expect.stringContaining(reason)]);
});

it("explain does not mention a store that works", async () => {
  const plugins = [countingSource().plugin, definePlugin({ name: "stores", services: [store("mine")] })];
  const { identity } = setUp({ plugins, cache: { store: "mine" } });
  await identity.getToken(scope);
  expect(identity.explain.last).not.toHaveProperty("storeFailure");
  expect(await identity.explain(scope)).not.toHaveProperty("storeFailure");
});
