import { expect, it } from "vitest";
import type { SourceContext } from "../../src/contract/context.ts";
import { type ServiceProvider, services } from "../../src/contract/services.ts";
import { defineOptions, definePlugin } from "../../src/options/define-options.ts";
import type { SharedOverrides } from "../../src/runtime/services.ts";
import { defineTokenStore, type TokenStoreProvider } from "../../src/store/define-token-store.ts";
import { createFakeClock } from "../../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../../src/test-kit/memory-store.ts";
import { countingSource, failure, hour, jwt, scope, setUp } from "./set-up.ts";

/** A source whose tokens say what it was created with. */
function tellingSource(name = "telling") {
  const contexts: SourceContext[] = [];
  const one = countingSource(name, {
    subject: (_, { env, defaults }) => `${defaults.tenantId} ${env.AZURE_CLIENT_ID}`,
    create(_, context) {
      contexts.push(context);
      const { cloud, defaults, env, clock } = context;
      return {
        getToken: async () => ({
          token: [cloud.authorityHost, defaults.tenantId, env.AZURE_CLIENT_ID].join("|"),
          expiresOnTimestamp: clock.now() + hour,
          tokenType: "Bearer" as const,
        }),
      };
    },
  });
  return { ...one, contexts };
}

function memoryPlugin(more: Partial<TokenStoreProvider> = {}) {
  const opened: ReturnType<typeof createMemoryStore>[] = [];
  const closed: unknown[] = [];
  const provider = defineTokenStore({
    name: "memory",
    create() {
      const store = createMemoryStore(createFakeClock());
      opened.push(store);
      return { ...store, [Symbol.asyncDispose]: async () => void closed.push(store) };
    },
    ...more,
  });
  return { opened, closed, plugin: definePlugin({ name: "stores", services: [provider] }) };
}

it("settings of `with` take precedence over the config, which fills their gaps", async () => {
  const { plugin } = tellingSource();
  const { identity } = setUp({ plugins: [plugin], tenantId: "of-config", cloud: "china" });
  const other = identity.with({ tenantId: "own" });
  expect((await other.getToken(scope)).token).toMatch("https://login.chinacloudapi.cn|own|");
  expect((await identity.getToken(scope)).token).toMatch("https://login.chinacloudapi.cn|of-config|");
  expect((await identity.with({ cloud: "government" }).getToken(scope)).token).toMatch("login.microsoftonline.us|of-c");
});

it("a cloud in the settings replaces the authority host of the config", async () => {
  const { plugin } = tellingSource();
  const { identity } = setUp({ plugins: [plugin], authorityHost: "https://login.contoso.com" });
  expect((await identity.with({ cloud: "china" }).getToken(scope)).token).toMatch("https://login.chinacloudapi.cn|");
  expect((await identity.with({}).getToken(scope)).token).toMatch("https://login.contoso.com|");
});

it("an identity that comes from another has the chain, sources, policy and principal of its settings", async () => {
  const one = countingSource("one");
  const two = countingSource("two");
  const { identity } = setUp({ plugins: [one.plugin, two.plugin], chain: ["one"], chains: { both: ["one", "two"] } });
  expect((await identity.with({ chain: ["two"] }).getToken(scope)).token).toBe("two-1");
  const uncached = identity.with({ sources: { one: { cache: false } } });
  for (const count of [1, 2]) expect((await uncached.getToken(scope)).token).toBe(`one-${count}`);
  expect((await uncached.chain("both").getToken(scope)).token).toBe("one-3");
  const expecting = identity.with({ expect: { tenantId: "t" } });
  expect(await failure(expecting.getToken(scope))).toMatchObject({ code: "unverifiable-principal" });
});

it("two identities with equal settings share no token and no credential", async () => {
  const { plugin, created, requests } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const [first, second] = [identity.with({ tenantId: "t" }), identity.with({ tenantId: "t" })];
  const tokens = await Promise.all([first.getToken(scope), second.getToken(scope), identity.getToken(scope)]);
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(3);
  expect([created.length, requests.length]).toEqual([3, 3]);
  expect(await first.getToken(scope)).toBe(tokens[0]);
});

it("an identity that comes from another loads config and plugins with it once, and nothing before its first use", async () => {
  let loads = 0;
  const { plugin } = countingSource();
  const counted = {
    ...plugin,
    get sources() {
      loads++;
      return plugin.sources ?? [];
    },
  };
  const { identity } = setUp({ plugins: [counted] });
  const others = Array.from({ length: 10 }, () => identity.with({}));
  expect(loads).toBe(0);
  await Promise.all(others.map((other) => other.getToken(scope)));
  const first = loads;
  await Promise.all([identity.getToken(scope), identity.with({}).getToken(scope)]);
  expect(loads).toBe(first);
});

it("an identity can come from one that comes from another", async () => {
  const { plugin } = tellingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const third = identity.with({ tenantId: "t", cloud: "china" }).with({ tenantId: "u" });
  expect((await third.getToken(scope)).token).toMatch("https://login.chinacloudapi.cn|u|");
});

it("settings are those at the call of `with`, whatever the caller changes later", async () => {
  const { plugin } = tellingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const settings = { tenantId: "then" };
  const env: Record<string, string> = { AZURE_CLIENT_ID: "then" };
  const overrides: { env: object; http?: unknown } = { env };
  const other = identity.with(settings, overrides as SharedOverrides);
  settings.tenantId = "now";
  env.AZURE_CLIENT_ID = "now";
  overrides.http = 5;
  expect((await other.getToken(scope)).token).toMatch("then|then");
});

it("variables of `with` are read in place of the others: references, sources, the log level", async () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const logger = { error: write, warn: write, info: write, debug: write };
  const { plugin, contexts } = tellingSource();
  const overrides = { env: { TENANT: "of-parent", AZURE_CLIENT_ID: "of-parent" }, logger };
  const { identity } = setUp({ plugins: [plugin], tenantId: { env: "TENANT" } }, overrides);
  const env = {
    TENANT: "own",
    AZURE_CLIENT_ID: "own",
    AZURE_LOG_LEVEL: "info",
    AZIDENTITY_TENANT_ID: "not read again",
  };
  expect((await identity.with({}, { env }).getToken(scope)).token).toMatch("|own|own");
  expect(lines).toContainEqual("telling was elected.");
  lines.length = 0;
  expect((await identity.getToken(scope)).token).toMatch("|of-parent|of-parent");
  expect(lines).toEqual([]);
  expect(Object.isFrozen(contexts[0]?.env)).toBe(true);
});

it("the copy of process.env that `with` makes keeps the value that a variable had", async () => {
  const { plugin } = tellingSource();
  const { identity } = setUp({ plugins: [plugin] });
  process.env.AZURE_CLIENT_ID = "before";
  const other = identity.with({}, { env: process.env });
  process.env.AZURE_CLIENT_ID = "after";
  try {
    expect((await other.getToken(scope)).token).toMatch("|before");
    expect((await identity.with({}, { env: process.env }).getToken(scope)).token).toMatch("|after");
  } finally {
    delete process.env.AZURE_CLIENT_ID;
  }
});

it("an identity that comes from another writes to its own log, at its own level", async () => {
  const lines: string[] = [];
  const loggerTo = (prefix: string) => {
    const write = (line: string) => void lines.push(`${prefix} ${line}`);
    return { error: write, warn: write, info: write, debug: write };
  };
  const { identity } = setUp({ plugins: [countingSource().plugin] }, { logger: loggerTo("parent") });
  await identity.with({ log: { level: "info" } }).getToken(scope);
  await identity.with({ log: { level: "info" } }, { logger: loggerTo("own") }).getToken(scope);
  await identity.with({}, { logger: loggerTo("silent") }).getToken(scope);
  expect(lines).toEqual(["parent counting was elected.", "own counting was elected."]);
});

it("a store is used by all identities that come from one, each with its own tokens there", async () => {
  const { plugin } = tellingSource();
  const store = memoryPlugin();
  const { identity } = setUp({ plugins: [plugin, store.plugin], cache: { store: "memory" }, tenantId: "t" });
  const first = (await identity.getToken(scope)).token;
  expect((await identity.with({}).getToken(scope)).token).toBe(first);
  expect((await identity.with({ cloud: "china" }).getToken(scope)).token).toMatch("https://login.chinacloudapi.cn|t|");
  expect((await identity.with({ tenantId: "u" }).getToken(scope)).token).toMatch("|u|");
  expect(store.opened).toHaveLength(1);
});

it("`cache.store: false` keeps the tokens of an identity out of the store, and reads none from it", async () => {
  const one = countingSource();
  const store = memoryPlugin();
  const { identity } = setUp({ plugins: [one.plugin, store.plugin], cache: { store: "memory" } });
  const own = identity.with({ cache: { store: false } });
  expect((await own.getToken(scope)).token).toBe("counting-1");
  expect((await identity.getToken(scope)).token).toBe("counting-2");
  expect((await own.with({}).getToken(scope)).token).toBe("counting-3");
  const keys = [];
  for await (const { key } of store.opened[0]?.list?.() ?? []) keys.push(key);
  expect(keys).toHaveLength(1);
});

it("an identity with `cache` of its own opens a store of its own, and closes that alone", async () => {
  const one = countingSource();
  const store = memoryPlugin();
  const { identity } = setUp({ plugins: [one.plugin, store.plugin] });
  const own = identity.with({ cache: { store: "memory" } });
  await own.getToken(scope);
  await identity.with({ cache: { store: "memory" } }).getToken(scope);
  expect([store.opened.length, store.closed.length]).toEqual([2, 0]);
  await own.close();
  expect(store.closed).toEqual([store.opened[0]]);
  await identity.close();
  expect(store.closed).toHaveLength(2);
});

it("a token that another process deletes from a store is forgotten by each identity that uses the store", async () => {
  const listeners: ((key: string) => void)[] = [];
  const kept = new Set<string>();
  const memory = createMemoryStore(createFakeClock());
  const create = () => ({
    ...memory,
    async set(key: string, value: Uint8Array) {
      kept.add(key);
      await memory.set(key, value);
    },
    onDeleted: (listener: (key: string) => void) => void listeners.push(listener),
  });
  const one = countingSource("counting");
  const plugins = [one.plugin, memoryPlugin({ create }).plugin];
  const { identity } = setUp({ plugins, cache: { store: "memory" } });
  const other = identity.with({});
  await identity.getToken(scope);
  await other.getToken(scope);
  for (const key of kept) {
    await memory.delete(key);
    for (const listener of listeners) listener(key);
  }
  expect((await other.getToken(scope)).token).toBe("counting-2");
  expect((await identity.getToken(scope)).token).toBe("counting-2");
});

it("services of plugins, except the store, are made for each identity with its context", async () => {
  const broker = { create: (_: unknown, context: SourceContext) => ({ authority: context.cloud.authorityHost }) };
  const asked: unknown[] = [];
  const one = countingSource("counting", {
    create: (_, context) => ({
      async getToken() {
        asked.push(await context.service(services.nativeBroker));
        return { token: "T", expiresOnTimestamp: context.clock.now() + hour, tokenType: "Bearer" as const };
      },
    }),
  });
  const plugin = definePlugin({
    name: "brokers",
    services: [{ token: services.nativeBroker, name: "broker", ...broker } as unknown as ServiceProvider],
  });
  const { identity } = setUp({ plugins: [one.plugin, plugin] });
  await identity.getToken(scope);
  await identity.with({ cloud: "china" }).getToken(scope);
  expect(asked).toEqual([
    { authority: "https://login.microsoftonline.com" },
    { authority: "https://login.chinacloudapi.cn" },
  ]);
});

it("clock, commands and what a plugin replaces are those of the identity that another comes from", async () => {
  const { plugin, contexts } = tellingSource();
  const commands = { find: () => undefined, run: async () => ({ exitCode: 0, stdout: "", stderr: "" }) };
  const http = { send: async () => ({ status: 200, headers: {}, body: "" }) };
  const ofPlugin = definePlugin({
    name: "http",
    services: [{ token: services.http, name: "own", create: () => http }],
  });
  const { identity } = setUp({ plugins: [plugin, ofPlugin] }, { commands });
  await identity.getToken(scope);
  await identity.with({ http: {} }, { env: {} }).getToken(scope);
  const [parent, other] = contexts as [SourceContext, SourceContext];
  expect(other.clock).toBe(parent.clock);
  expect(other.commands).toBe(commands);
  expect(await other.service(services.http)).toBe(http);
});

it("closing an identity that comes from another ends its own work alone", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const [one, two] = [identity.with({}), identity.with({})];
  for (const each of [identity, one, two]) await each.getToken(scope);
  const closing = one.close();
  expect(await failure(one.getToken(scope))).toMatchObject({ name: "AbortError", code: "closed" });
  await closing;
  expect((await two.getToken(scope)).token).toBe("counting-3");
  expect((await identity.getToken(scope)).token).toBe("counting-1");
  await identity.with({}).getToken(scope);
});

it("closing an identity closes all that came from it, with what they have in memory, in the same turn", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const one = identity.with({});
  const all = [identity, one, one.with({}), one.credential("counting"), identity.with({ tenantId: "unused" })];
  for (const each of all.slice(0, 4)) await each.getToken(scope);
  const closing = identity.close();
  for (const each of all) expect(await failure(each.getToken(scope))).toMatchObject({ code: "closed" });
  await closing;
});

it("closing an identity ends an acquisition of one that came from it, and waits for its sources", async () => {
  const asked = Promise.withResolvers<void>();
  const order: string[] = [];
  const { plugin } = countingSource("slow", {
    create: () => ({
      getToken() {
        asked.resolve();
        return new Promise<never>(() => {});
      },
      [Symbol.asyncDispose]: async () => void order.push("source"),
    }),
  });
  const store = memoryPlugin({
    create: () => ({
      ...createMemoryStore(createFakeClock()),
      [Symbol.asyncDispose]: async () => void order.push("store"),
    }),
  });
  const { identity } = setUp({ plugins: [plugin, store.plugin], cache: { store: "memory" } });
  const waiting = failure(identity.with({}).getToken(scope));
  await asked.promise;
  await identity.close();
  expect(await waiting).toMatchObject({ code: "closed" });
  expect(order).toEqual(["source", "store"]);
});

it("closing an identity ends the loading of one that came from it", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const waiting = failure(identity.with({}).getToken(scope));
  const loading = failure(identity.with({}).ready());
  await identity.close();
  expect(await waiting).toMatchObject({ code: "closed" });
  expect(await loading).toMatchObject({ code: "closed" });
});

it("`with` of an identity that is closed returns one that is closed", async () => {
  const { identity } = setUp({ plugins: [countingSource().plugin] });
  await identity.getToken(scope);
  await identity.close();
  const other = identity.with({ tenantId: "t" });
  expect(await failure(other.getToken(scope))).toMatchObject({ name: "AbortError", code: "closed" });
  expect(await failure(other.with({}).ready())).toMatchObject({ code: "closed" });
  await other.close();
});

it.each<[string, unknown, unknown, object]>([
  ["settings that are no object", "t", {}, { message: expect.stringContaining("identity.with takes an object") }],
  ["settings that are null", null, {}, {}],
  ["a list", [], {}, {}],
  ["overrides that are no object", {}, 5, { message: expect.stringContaining("identity.with") }],
  [
    "a service that it shares",
    {},
    { clock: createFakeClock() },
    { remedy: "Available: env, http, instrumentation, logger." },
  ],
  ["a misspelled service", {}, { loger: {} }, { remedy: 'Did you mean "logger"?' }],
  ["HTTP without a method", {}, { http: {} }, {}],
  ["variables that are a text", {}, { env: "A=1" }, {}],
])("`with` refuses at once: %s", (_, settings, overrides, error) => {
  const { identity } = setUp({ plugins: [] });
  expect(() => identity.with(settings as never, overrides as never)).toThrow(
    expect.objectContaining({ name: "ConfigurationError", code: "invalid-argument", ...error }),
  );
});

it.each<[string, object, object]>([
  ["an unknown key", { tennantId: "t" }, { code: "unknown-key", path: "tennantId" }],
  ["a field of the whole program", { mode: "production" }, { code: "unknown-key", path: "mode" }],
  ["plugins", { plugins: [] }, { code: "unknown-key", path: "plugins" }],
  ["a value of another type", { log: { level: "loud" } }, { code: "invalid-config", path: "log.level" }],
  ["a source that no plugin has", { sources: { countng: {} } }, { code: "unknown-source" }],
  ["an option that a source does not have", { sources: { counting: { x: 1 } } }, { code: "unknown-option" }],
  ["a chain with an unknown source", { chain: ["countng"] }, { code: "unknown-source" }],
  ["a store that no plugin has", { cache: { store: "redis" } }, { code: "unknown-store" }],
  ["an option of no store", { cache: { url: "u" } }, { code: "unknown-option" }],
  ["a reference to a variable that is not set", { tenantId: { env: "NONE" } }, { code: "missing-reference" }],
  ["an authority that is not https", { authorityHost: "http://login.contoso.com" }, { code: "invalid-authority" }],
  ["unsafe logging in production", { log: { enableUnsafeSupportLogging: true } }, { code: "unsafe-logging" }],
])("what is wrong with the settings of `with` rejects where a token is requested: %s", async (_, settings, error) => {
  const { identity } = setUp({
    plugins: [countingSource("counting", { kind: "deployed", options: defineOptions({}) }).plugin],
    mode: "production",
  });
  const other = identity.with(settings as never);
  expect(await failure(other.getToken(scope))).toMatchObject({ name: "ConfigurationError", ...error });
  expect(await failure(other.ready())).toMatchObject(error);
  await identity.getToken(scope);
});

it("a config that is corrected after a failure loads for the identities that come from it, too", async () => {
  const { plugin } = tellingSource();
  const env: Record<string, string> = {};
  const { identity } = setUp({ plugins: [plugin], tenantId: { env: "TENANT" } }, { env });
  const other = identity.with({});
  expect(await failure(other.getToken(scope))).toMatchObject({ code: "missing-reference" });
  env.TENANT = "t";
  expect((await other.getToken(scope)).token).toMatch("|t|");
});

it("forUser and explain work in an identity that comes from another", async () => {
  const { plugin } = countingSource("counting", { supports: ["user-assertion"] });
  const { identity } = setUp({ plugins: [plugin] });
  const other = identity.with({});
  expect(
    (
      await other
        .credential("counting")
        .forUser(jwt({ oid: "alice" }))
        .getToken(scope)
    ).token,
  ).toBe("counting-1");
  expect(await other.explain(scope)).toMatchObject({ winner: "counting" });
  expect(identity.explain.last).toBeUndefined();
});
