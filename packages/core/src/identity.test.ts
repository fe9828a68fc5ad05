import { createHook } from "node:async_hooks";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { tempFolder, writeFiles } from "../test/temp-folder.ts";
import type { AnySource } from "./contract/plugin.ts";
import { type ServiceProvider, services } from "./contract/services.ts";
import type { IssuedToken, TokenRequest } from "./contract/token.ts";
import { outcomeError } from "./errors/outcome-error.ts";
import { createIdentity, type IdentityOptions } from "./identity.ts";
import { defineOptions } from "./options/define-options.ts";
import { definePlugin, defineSource } from "./options/define-plugin.ts";
import type { ServiceOverrides } from "./runtime/services.ts";
import { createFakeClock, type FakeClock } from "./test-kit/fake-clock.ts";
import { createMemoryStore } from "./test-kit/memory-store.ts";

const scope = "https://vault.azure.net/.default";
const hour = 3_600_000;

/** An unsigned JWT. */
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;

/** A source that numbers its tokens and writes down what it was asked. */
function countingSource(name = "counting", more: Partial<AnySource> = {}) {
  const requests: TokenRequest[] = [];
  const created: unknown[] = [];
  const source = defineSource({
    name,
    kind: "developer",
    priority: 100,
    tenantPolicy: "any",
    subject: () => "app",
    create(options, { clock }) {
      created.push(options);
      return {
        async getToken(request): Promise<IssuedToken> {
          requests.push(request);
          return { token: `${name}-${requests.length}`, expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" };
        },
      };
    },
    ...more,
  } as AnySource);
  return { source, requests, created, plugin: definePlugin({ name: `plugin-${name}`, sources: [source] }) };
}

function setUp(options: IdentityOptions, overrides: ServiceOverrides & { clock?: FakeClock } = {}) {
  const clock = overrides.clock ?? createFakeClock();
  return {
    clock,
    identity: createIdentity({ config: false, ...options }, { env: {}, random: () => 0, ...overrides, clock }),
  };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it should have failed"),
    (error) => error,
  );

describe("createIdentity", () => {
  it("createIdentity throws for invalid arguments, and does nothing else yet", () => {
    expect(() => createIdentity(null as never)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect(() => createIdentity({ config: true as never })).toThrow(
      expect.objectContaining({ code: "invalid-argument" }),
    );
    expect(() => createIdentity({}, { loger: console } as never)).toThrow(
      expect.objectContaining({ code: "invalid-argument", remedy: 'Did you mean "logger"?' }),
    );
    expect(() => createIdentity({ plugins: ["no-such-plugin"], config: false })).not.toThrow();
  });

  it.each<[string, unknown]>([
    ["no object", 5],
    ["nothing", null],
    ["a clock without a method", { clock: { now: Date.now, monotonic: Date.now } }],
    ["a clock that is null", { clock: null }],
    ["HTTP that is a function", { http: fetch }],
    ["commands that are empty", { commands: {} }],
    ["half a logger", { logger: { error() {}, warn() {} } }],
    ["an environment that is text", { env: "A=1" }],
    ["a random number instead of a function", { random: 0.5 }],
  ])("createIdentity refuses an invalid service at once: %s", (_, overrides) => {
    expect(() => createIdentity({ config: false }, overrides as never)).toThrow(
      expect.objectContaining({ name: "ConfigurationError", code: "invalid-argument" }),
    );
  });

  it("an identity uses its services as they were at the call of createIdentity", async () => {
    const clock = createFakeClock();
    const overrides: { env?: object; clock?: FakeClock } = { env: {}, clock };
    const { plugin } = countingSource();
    const identity = createIdentity({ config: false, plugins: [plugin] }, overrides as ServiceOverrides);
    overrides.clock = {} as FakeClock;
    expect((await identity.getToken(scope)).expiresOnTimestamp).toBe(clock.now() + hour);
  });

  it("an identity is a TokenCredential over the default chain", async () => {
    const { plugin, requests } = countingSource();
    const { identity } = setUp({ plugins: [plugin] });
    expect((await identity.getToken(scope)).token).toBe("counting-1");
    expect((await identity.getToken([scope], { enableCae: false })).token).toBe("counting-1");
    expect(requests).toHaveLength(1);
  });

  it("an identity loads the config of a named folder, with plugins by relative path", async () => {
    const folder = tempFolder({
      "azidentity.config.json": JSON.stringify({ plugins: ["./mine.mjs"], chain: ["mine"] }),
      "mine.mjs": `export default { name: "mine", contract: 1, sources: [{ name: "mine", kind: "deployed", tenantPolicy: "fixed",
        subject: () => "x", create: () => ({ getToken: async () => ({ token: "T", expiresOnTimestamp: Date.now() + 1e6, tokenType: "Bearer" }) }) }] };`,
    });
    const identity = createIdentity({ configFile: `${folder}/azidentity.config.json` }, { env: {} });
    expect((await identity.getToken(scope)).token).toBe("T");
  });

  it("an identity uses its config as it was at the call, even if two identities get one object that changes in between", async () => {
    const one = countingSource("counting", { options: defineOptions({ account: { type: "string" } }) });
    const counting = { account: "a" };
    const plugins = [one.plugin];
    const config: IdentityOptions = { config: false, plugins, sources: { counting } };
    const overrides = { env: {}, clock: createFakeClock() };
    const first = createIdentity(config, overrides);
    counting.account = "b";
    const second = createIdentity(config, overrides);
    counting.account = "c";
    plugins.length = 0;
    for (const identity of [first, second]) await identity.getToken(scope);
    expect(one.created).toEqual([{ account: "a" }, { account: "b" }]);
  });

  it("an identity uses the export of a config file as it was when the file was loaded", async () => {
    const folder = tempFolder({
      "c.mjs": `const config = { sources: { counting: { account: "a" } } };
        globalThis.changeConfig = () => { config.sources.counting.account = "b"; };
        export default config;`,
    });
    const one = countingSource("counting", { options: defineOptions({ account: { type: "string" } }) });
    const identity = createIdentity({ configFile: `${folder}/c.mjs`, plugins: [one.plugin] }, { env: {} });
    await identity.ready();
    (globalThis as unknown as { changeConfig(): void }).changeConfig();
    Reflect.deleteProperty(globalThis, "changeConfig");
    await identity.getToken(scope);
    expect(one.created).toEqual([{ account: "a" }]);
  });

  it("an identity shares nothing with another identity", async () => {
    const { plugin, requests } = countingSource();
    const [a, b] = [setUp({ plugins: [plugin] }), setUp({ plugins: [plugin] })];
    await Promise.all([a.identity.getToken(scope), b.identity.getToken(scope)]);
    expect(requests).toHaveLength(2);
  });

  it("an identity loads again after the cause of a failure was fixed", async () => {
    const folder = tempFolder({ "azidentity.config.json": "{" });
    const configFile = `${folder}/azidentity.config.json`;
    const { plugin } = countingSource();
    const identity = createIdentity({ configFile, plugins: [plugin] }, { env: {} });
    await expect(identity.ready()).rejects.toMatchObject({ code: "config-malformed", file: configFile });
    writeFiles(folder, { "azidentity.config.json": "{}" });
    await identity.ready();
  });
});

describe("one source", () => {
  it("one source makes one credential and one request for ten callers with equal options", async () => {
    const options = defineOptions({ account: { type: "string" } });
    const { plugin, requests } = countingSource("counting", { options });
    const { identity } = setUp({ plugins: [plugin] });
    const credentials = Array.from({ length: 10 }, () => identity.credential("counting", { account: "a" }));
    expect(new Set(credentials).size).toBe(1);
    await Promise.all(credentials.map((credential) => credential.getToken(scope)));
    await identity.credential("counting", { account: "b" }).getToken(scope);
    expect(requests).toHaveLength(2);
  });

  it("one source gets new options when a referenced secret has rotated", async () => {
    const options = defineOptions({ secret: { type: "string", secret: true } });
    const { plugin, created } = countingSource("counting", { options });
    const env = { SECRET: "first" };
    const { identity, clock } = setUp(
      { plugins: [plugin], sources: { counting: { secret: { env: "SECRET" } } } },
      { env },
    );
    await identity.getToken(scope);
    env.SECRET = "second";
    await clock.advance(2 * hour);
    await identity.getToken(scope);
    expect(created).toEqual([{ secret: "first" }, { secret: "second" }]);
  });

  const accounts = () => {
    const options = defineOptions({
      account: { type: "string" },
      nested: { type: "object", fields: { account: { type: "string" } } },
      key: { type: "any", as: {} as Uint8Array },
    });
    return countingSource("counting", { options, subject: (given) => JSON.stringify(given) });
  };

  it("one source uses its options as they were at the call, even if the caller changes the object later", async () => {
    const { plugin, created } = accounts();
    const { identity } = setUp({ plugins: [plugin] });
    const options = { account: "a", nested: { account: "a" }, key: Buffer.from("a") };
    const first = identity.credential("counting", options);
    const chain = identity.chain([{ source: "counting", options }]);
    const user = identity.credential("counting", options);
    options.account = "b";
    options.nested.account = "b";
    options.key.fill("b");
    for (const one of [first, chain, user]) await one.getToken(scope);
    const a = { account: "a", nested: { account: "a" }, key: Buffer.from("a") };
    expect(created).toEqual([a]);
    expect(identity.credential("counting", a)).toBe(first);
    await identity.credential("counting", options).getToken(scope);
    expect(created).toEqual([a, { account: "b", nested: { account: "b" }, key: Buffer.from("b") }]);
  });

  it("a loop that changes one options object gets a different credential in each iteration", async () => {
    const { plugin, created } = accounts();
    const { identity } = setUp({ plugins: [plugin] });
    const options = { account: "" };
    const credentials = ["a", "b", "c"].map((account) => {
      options.account = account;
      return identity.credential("counting", options);
    });
    for (const credential of credentials) await credential.getToken(scope);
    expect(created).toEqual([{ account: "a" }, { account: "b" }, { account: "c" }]);
  });

  it("an option that is undefined counts as missing", async () => {
    const { plugin, created } = accounts();
    const { identity } = setUp({ plugins: [plugin], sources: { counting: { account: "of the config" } } });
    await identity.credential("counting", { account: undefined }).getToken(scope);
    expect(created).toEqual([{ account: "of the config" }]);
  });

  it("a source may have options named `file` and `env`, even if it gets no others, in a config and in code", async () => {
    const options = defineOptions({ file: { type: "string" }, env: { type: "string" } });
    const { plugin, created } = countingSource("counting", { options });
    const chains = { a: [{ source: "counting", options: { env: "A" } }] };
    const { identity } = setUp({ plugins: [plugin], sources: { counting: { file: "/no/such/file" } }, chains });
    await identity.getToken(scope);
    await identity.chain("a").getToken(scope);
    await identity.credential("counting", { file: "b" }).getToken(scope);
    const file = "/no/such/file";
    expect(created).toEqual([{ file }, { file, env: "A" }, { file: "b" }]);
  });

  it("circular options are refused with a code", () => {
    const { identity } = setUp({ plugins: [] });
    const options: Record<string, unknown> = {};
    options.self = { options };
    const refused = expect.objectContaining({ code: "invalid-argument" });
    expect(() => identity.credential("counting", options)).toThrow(refused);
    expect(() => identity.chain([{ source: "counting", options }])).toThrow(refused);
    expect(() => createIdentity({ config: false, sources: { counting: options } })).toThrow(refused);
  });

  it("one source serves each user separately, with one cheap credential per web request", async () => {
    const { plugin, requests } = countingSource("counting", { supports: ["user-assertion"] });
    const { identity } = setUp({ plugins: [plugin] });
    const onBehalf = identity.credential("counting");
    for (const user of ["alice", "bob", "alice"]) await onBehalf.forUser(`assertion of ${user}`).getToken(scope);
    expect(requests.map((request) => request.userAssertion)).toEqual(["assertion of alice", "assertion of bob"]);
  });

  it("a source that hangs in create fails at its deadline, and is created again for the next caller", async () => {
    let hang = true;
    const { plugin } = countingSource("slow", {
      deadlineMs: 5_000,
      create: async (_, { clock }) => {
        if (hang) await new Promise(() => {});
        return { getToken: async () => ({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" }) };
      },
    });
    const { identity, clock } = setUp({ plugins: [plugin] });
    const error = failure(identity.getToken(scope));
    await clock.advance(5_000);
    expect(await error).toMatchObject({ code: "timeout" });
    hang = false;
    expect((await identity.getToken(scope)).token).toBe("T");
  });

  it("a caller that aborts does not wait for a source that ignores its signal", async () => {
    const { plugin } = countingSource("deaf", {
      create: () => ({ getToken: () => new Promise<IssuedToken>(() => {}) }),
    });
    const { identity } = setUp({ plugins: [plugin] });
    const caller = new AbortController();
    const error = failure(identity.getToken(scope, { abortSignal: caller.signal }));
    caller.abort();
    expect(await error).toMatchObject({ name: "AbortError", code: "cancelled" });
  });

  it("a caller with a timeout gets its error in time, while others continue to wait", async () => {
    const gate = Promise.withResolvers<IssuedToken>();
    const { plugin } = countingSource("slow", { create: () => ({ getToken: () => gate.promise }) });
    const { identity, clock } = setUp({ plugins: [plugin] });
    const hasty = failure(identity.getToken(scope, { requestOptions: { timeout: 100 } }));
    const waiting = identity.getToken(scope);
    await clock.advance(100);
    expect(await hasty).toMatchObject({ code: "timeout" });
    gate.resolve({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" });
    expect((await waiting).token).toBe("T");
  });

  it("a source whose subject throws fails with its name and without secrets, and later calls succeed", async () => {
    let broken = true;
    const { plugin } = countingSource("nameless", {
      options: defineOptions({ key: { type: "string", secret: true } }),
      subject: (options) => {
        if (broken) throw new TypeError(`no subject in ${(options as { key: string }).key}`);
        return "app";
      },
    });
    const provider = { token: services.tokenStore, name: "mine", create: () => createMemoryStore(createFakeClock()) };
    const { identity } = setUp({
      plugins: [plugin, definePlugin({ name: "stores", services: [provider] })],
      sources: { nameless: { key: "c4n4ry-key" } },
      cache: { store: "mine" },
    });
    const error = await failure(identity.getToken(scope));
    expect(error).toMatchObject({ name: "AuthenticationError", code: "failed" });
    expect(error.message).toContain("nameless");
    expect(inspect(error, { depth: 9 })).not.toContain("c4n4ry");
    broken = false;
    expect((await identity.getToken(scope)).token).toBe("nameless-1");
  });

  it.each([
    ["no token", { token: "" }],
    ["no token at all", undefined],
    ["no expiry", { expiresOnTimestamp: Number.NaN }],
    ["an expiry that has passed", { expiresOnTimestamp: 1 }],
  ])("an answer of a source with %s is refused", async (_, wrong) => {
    const answer = wrong && { token: "T", expiresOnTimestamp: 9e15, tokenType: "Bearer", ...wrong };
    const { plugin } = countingSource("broken", { create: () => ({ getToken: async () => answer as IssuedToken }) });
    await expect(setUp({ plugins: [plugin] }).identity.getToken(scope)).rejects.toMatchObject({
      code: "invalid-token",
    });
  });
});

describe("a chain", () => {
  it("a chain accepts names, names with options, and objects with getToken", async () => {
    const { plugin } = countingSource("absent", { detect: () => ({ state: "absent", reason: "Not here." }) });
    const { identity, clock } = setUp({ plugins: [plugin] });
    class TheirCredential {
      getToken = async () => ({ token: "theirs", expiresOnTimestamp: clock.now() + hour });
    }
    const chain = identity.chain(["absent", { source: "absent" }, new TheirCredential()]);
    expect(await chain.getToken(scope)).toMatchObject({ token: "theirs", tokenType: "Bearer" });
    expect(chain.explain.last?.attempts.map((attempt) => attempt.source)).toEqual([
      "absent",
      "absent",
      "TheirCredential",
    ]);
  });

  it("a chain goes on after a credential of another library that is unavailable, and stops at one that failed", async () => {
    const { plugin } = countingSource();
    const { identity } = setUp({ plugins: [plugin] });
    const throwing = (name: string) => ({
      getToken: async () => {
        throw Object.assign(new Error("said so"), { name });
      },
    });
    expect((await identity.chain([throwing("CredentialUnavailableError"), "counting"]).getToken(scope)).token).toBe(
      "counting-1",
    );
    const refused = identity.chain([throwing("AuthenticationRequiredError"), "counting"]);
    await expect(refused.getToken(scope)).rejects.toMatchObject({ outcome: "interaction-required" });
  });

  it("a chain can have a name in the config", async () => {
    const { plugin } = countingSource();
    const { identity } = setUp({ plugins: [plugin], chains: { tools: ["counting"] } });
    expect((await identity.chain("tools").getToken(scope)).token).toBe("counting-1");
    await expect(identity.chain("tolls").getToken(scope)).rejects.toMatchObject({
      code: "unknown-chain",
      remedy: 'Did you mean "tools"?',
    });
  });

  it("a chain is built on first use, so that an invalid chain does not affect a source that is named", async () => {
    const { plugin } = countingSource("aaa");
    const env = { AZURE_TOKEN_CREDENTIALS: "NobodyCredential" };
    const { identity } = setUp({ plugins: [plugin] }, { env });
    expect((await identity.credential("aaa").getToken(scope)).token).toBe("aaa-1");
    const { code } = await failure(identity.getToken(scope));
    expect((await failure(identity.ready())).code).toBe(code);
    expect(code).toBe("unknown-token-credentials");
  });

  it("a chain follows AZURE_TOKEN_CREDENTIALS, unless the project wrote a chain", async () => {
    const [a, b] = [countingSource("aaa"), countingSource("bbb")];
    const plugins = [a.plugin, b.plugin];
    const env = { AZURE_TOKEN_CREDENTIALS: "BbbCredential" };
    expect((await setUp({ plugins }, { env }).identity.getToken(scope)).token).toBe("bbb-1");
    expect((await setUp({ plugins, chain: ["aaa"] }, { env }).identity.getToken(scope)).token).toBe("aaa-1");
  });

  it("a chain follows AZIDENTITY_CHAIN before the file, and arguments before that", async () => {
    const [a, b] = [countingSource("aaa"), countingSource("bbb")];
    const plugins = [a.plugin, b.plugin];
    const env = { AZIDENTITY_CHAIN: "bbb, aaa" };
    expect((await setUp({ plugins }, { env }).identity.getToken(scope)).token).toBe("bbb-1");
    expect((await setUp({ plugins, chain: ["aaa"] }, { env }).identity.getToken(scope)).token).toBe("aaa-1");
  });

  it("a chain does what the policy says where that changes the table", async () => {
    const refusing = countingSource("refusing", {
      create: () => ({
        getToken: async () => {
          throw outcomeError("rejected", "no");
        },
      }),
    });
    const { plugin, requests } = countingSource("zzz");
    const policy = { refusing: { rejected: "stop" } } as const;
    const { identity } = setUp({ plugins: [refusing.plugin, plugin], chain: ["refusing", "zzz"], policy });
    await expect(identity.getToken(scope)).rejects.toMatchObject({ outcome: "rejected" });
    expect(requests).toHaveLength(0);
  });

  it("explaining a chain never prompts", async () => {
    const { plugin, requests } = countingSource("browser", { kind: "interactive" });
    const walk = await setUp({ plugins: [plugin] }).identity.explain(scope);
    expect(walk.attempts[0]).toMatchObject({ source: "browser", outcome: "interaction-required" });
    expect(requests).toHaveLength(0);
  });
});

describe("production", () => {
  it("mode production does not load developer and interactive sources", async () => {
    const { plugin } = countingSource();
    const { identity } = setUp({ plugins: [plugin], mode: "production", chain: ["counting"] });
    await expect(identity.getToken(scope)).rejects.toMatchObject({ code: "unknown-source" });
  });

  it("production in mode production an interactive source that never prompts is available by name, but in no chain", async () => {
    const { plugin } = countingSource("web-user", { kind: "interactive", neverPrompts: true });
    const sources = { "web-user": { enabled: true } };
    const { identity } = setUp({ plugins: [plugin], mode: "production", sources, chains: { web: ["web-user"] } });
    await identity.credential("web-user").getToken(scope);
    expect((await failure(identity.getToken(scope))).message).not.toContain("web-user");
    for (const chain of ["web", ["web-user"]])
      expect(await failure(identity.chain(chain).getToken(scope))).toMatchObject({ code: "unknown-source" });
  });

  it("production in mode production interactive sources that prompt and developer sources are refused by name", async () => {
    for (const more of [{ kind: "interactive" }, { kind: "developer", neverPrompts: true }] as const) {
      const { plugin, requests } = countingSource("my-cli", more);
      const { identity } = setUp({ plugins: [plugin], mode: "production" });
      expect(await failure(identity.credential("my-cli").getToken(scope))).toMatchObject({ code: "unknown-source" });
      expect(requests).toHaveLength(0);
    }
  });

  it("production in mode production settings and profiles may name sources that are not loaded", async () => {
    const { plugin } = countingSource("my-cli");
    const profiles = {
      dev: { chain: [{ source: "my-cli", options: {} }] },
      other: { plugins: ["./none.mjs"], chain: ["of-another-plugin"] },
    };
    const sources = { "my-cli": { enabled: false } };
    await setUp({ plugins: [plugin], mode: "production", sources, profiles }).identity.ready();
    const error = await failure(setUp({ plugins: [plugin], mode: "production", chain: ["my-cli"] }).identity.ready());
    expect(error.message).toContain('Mode "production" does not load');
  });

  it("mode production refuses an authority on this machine and logging of secrets", async () => {
    const local = setUp({ plugins: [], mode: "production", authorityHost: "https://localhost:1" });
    await expect(local.identity.ready()).rejects.toMatchObject({ code: "loopback-authority" });
    const loud = setUp({ plugins: [], mode: "production", log: { enableUnsafeSupportLogging: true } });
    await expect(loud.identity.ready()).rejects.toMatchObject({ code: "unsafe-logging" });
  });
});

describe("expect", () => {
  const who = { tid: "T1", oid: "O1", appid: "A1" };
  const bringing = (token: string) =>
    countingSource("one", {
      create: (_, { clock }) => ({
        getToken: async () => ({ token, expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" }),
      }),
    }).plugin;

  it("expect accepts the expected principal, regardless of case", async () => {
    const { identity } = setUp({
      plugins: [bringing(jwt(who))],
      expect: { tenantId: "t1", objectId: "o1", clientId: "a1" },
    });
    expect((await identity.getToken(scope)).token).toBe(jwt(who));
  });

  it.each(["tenantId", "objectId", "clientId"] as const)(
    "expect refuses a stranger's token by its %s, naming both",
    async (field) => {
      const { identity } = setUp({ plugins: [bringing(jwt(who))], expect: { [field]: "wanted" } });
      const error = await failure(identity.getToken(scope));
      expect(error).toMatchObject({ code: "unexpected-principal" });
      expect(error.message).toContain("wanted");
    },
  );

  it("expect refuses a token that cannot be read", async () => {
    const { identity } = setUp({ plugins: [bringing("opaque")], expect: { tenantId: "t1" } });
    await expect(identity.getToken(scope)).rejects.toMatchObject({ code: "unverifiable-principal" });
  });
});

describe("a store", () => {
  const store = (name: string, kept = new Map<string, Uint8Array>()) => ({
    token: services.tokenStore,
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
      create: () =>
        Promise.reject(outcomeError("failed", "No keyring.", { code: "no-store-key", remedy: "Type this." })),
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
});

describe("loading", () => {
  it("loading ends in time if a config awaits a promise that never settles", async () => {
    const folder = tempFolder({ "c.mjs": "await new Promise(() => {}); export default {};" });
    const clock = createFakeClock();
    const error = failure(createIdentity({ configFile: `${folder}/c.mjs` }, { env: {}, clock }).getToken(scope));
    await new Promise(setImmediate);
    await clock.advance(30_000);
    expect(await error).toMatchObject({ code: "load-timeout", file: `${folder}/c.mjs` });
  });

  it.each([
    ["c.mjs", "export default new Promise(() => {});"],
    ["c.cjs", "exports.__esModule = true; exports.default = new Promise(() => {});"],
  ])("loading ends in time if a config exports a promise that never settles (%s)", async (name, text) => {
    const configFile = `${tempFolder({ [name]: text })}/${name}`;
    const clock = createFakeClock();
    const error = failure(createIdentity({ configFile }, { env: {}, clock }).getToken(scope));
    while (clock.sleepers === 0) await clock.advance(0);
    await clock.advance(30_000);
    expect(await error).toMatchObject({ code: "load-timeout", file: configFile });
  });

  it("a caller that aborts does not wait for loading", async () => {
    const folder = tempFolder({ "c.mjs": "await new Promise(() => {}); export default {};" });
    const identity = createIdentity({ configFile: `${folder}/c.mjs` }, { env: {}, clock: createFakeClock() });
    const caller = new AbortController();
    const error = failure(identity.getToken(scope, { abortSignal: caller.signal }));
    caller.abort();
    expect(await error).toMatchObject({ code: "cancelled" });
  });

  it.each([
    ["c.json", '{ "$schema": "./azidentity.schema.json", "chain": ["counting"] }'],
    ["c.yaml", "# yaml-language-server: $schema=./azidentity.schema.json\nchain: [counting]\n"],
    ["d.yaml", "$schema: ./azidentity.schema.json\nchain: [counting]\n"],
  ])("loading accepts a config with a $schema for editors (%s)", async (name, text) => {
    const configFile = `${tempFolder({ [name]: text })}/${name}`;
    const { plugin } = countingSource();
    expect((await createIdentity({ configFile, plugins: [plugin] }, { env: {} }).getToken(scope)).token).toBe(
      "counting-1",
    );
  });

  it("loading counts against a caller's timeout", async () => {
    const folder = tempFolder({ "c.mjs": "await new Promise(() => {}); export default {};" });
    const clock = createFakeClock();
    const identity = createIdentity({ configFile: `${folder}/c.mjs` }, { env: {}, clock });
    const error = failure(identity.getToken(scope, { requestOptions: { timeout: 100 } }));
    await clock.advance(100);
    expect(await error).toMatchObject({ code: "timeout" });
  });

  it("loading ends in time if `create` of a plugin's service never settles", async () => {
    const { plugin } = countingSource();
    const hanging = { token: services.http, name: "slow", create: () => new Promise<never>(() => {}) };
    const { identity, clock } = setUp({ plugins: [plugin, definePlugin({ name: "p", services: [hanging] })] });
    const error = failure(identity.getToken(scope));
    while (clock.sleepers === 0) await clock.advance(0);
    await clock.advance(30_000);
    expect(await error).toMatchObject({ name: "ConfigurationError", code: "load-timeout" });
  });

  it.each([
    ["error", []],
    ["warning", ["warn"]],
    ["info", ["info", "warn"]],
    ["verbose", ["debug", "info", "warn"]],
    ["loud", ["warn"]],
    [undefined, ["warn"]],
  ])(
    "loading with AZURE_LOG_LEVEL=%s a walk and a store that fails are logged on the levels %j",
    async (level, levels) => {
      const told = new Set<string>();
      const write = (at: string) => () => void told.add(at);
      const logger = { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
      const { plugin } = countingSource();
      const absent = countingSource("absent", {
        detect: () => ({ state: "absent", reason: "It is not here." }),
      }).plugin;
      const env = { AZURE_LOG_LEVEL: level };
      const create = () => Promise.reject(new Error("disk full"));
      const broken = { token: services.tokenStore, name: "broken", create };
      const plugins = [plugin, definePlugin({ name: "stores", services: [broken] })];
      await setUp({ plugins, cache: { store: "broken" } }, { env, logger }).identity.getToken(scope);
      await failure(setUp({ plugins: [absent] }, { env, logger }).identity.getToken(scope));
      expect([...told].sort()).toEqual(levels);
    },
  );

  it("`log.level` of the config takes precedence over AZURE_LOG_LEVEL", async () => {
    const lines: string[] = [];
    const write = (message: string) => void lines.push(message);
    const logger = { error: write, warn: write, info: write, debug: write };
    const { plugin } = countingSource();
    const options: IdentityOptions = { plugins: [plugin], log: { level: "error" } };
    await setUp(options, { env: { AZURE_LOG_LEVEL: "verbose" }, logger }).identity.getToken(scope);
    expect(lines).toEqual([]);
  });

  it("services of a plugin replace those of core, but not those of the caller", async () => {
    const asked: string[] = [];
    const http = (name: string) => ({
      send: async () => {
        asked.push(name);
        return { status: 200, headers: {}, body: "" };
      },
    });
    const { source } = countingSource("asking", {
      create: (_, context) => ({
        getToken: async ({ signal }) => {
          await context.http.send({ method: "GET", url: "http://127.0.0.1" }, signal);
          return { token: "T", expiresOnTimestamp: context.clock.now() + hour, tokenType: "Bearer" };
        },
      }),
    });
    const provider = { token: services.http, name: "theirs", create: () => http("plugin") };
    const plugins = [definePlugin({ name: "p", sources: [source], services: [provider] })];
    await setUp({ plugins }).identity.getToken(scope);
    await setUp({ plugins }, { http: http("caller") }).identity.getToken(scope);
    expect(asked).toEqual(["plugin", "caller"]);
  });

  it("an invalid service of a plugin is refused with its name", async () => {
    const { plugin } = countingSource();
    const provider = { token: services.http, name: "half", create: () => ({}) as never };
    const { identity } = setUp({ plugins: [plugin, definePlugin({ name: "p", services: [provider] })] });
    const error = await failure(identity.getToken(scope));
    expect(error).toMatchObject({ code: "invalid-plugin", message: expect.stringContaining('"half"') });
  });

  it.each([{ configFile: 5 }, { configFile: "" }, { configFile: "c.json", config: false }])(
    "a request with %j is refused at once",
    (options) => {
      expect(() => createIdentity(options as never)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    },
  );
});

describe("a mistake in the config", () => {
  const { plugin } = countingSource("azure-thing", { options: defineOptions({ tenantId: { type: "string" } }) });

  it.each<[string, IdentityOptions, object]>([
    ["an unknown key", { plugns: [] } as never, { code: "unknown-key", path: "plugns" }],
    ["a wrong type", { plugins: [plugin], tenantId: 7 } as never, { code: "invalid-config", path: "tenantId" }],
    ["an unknown plugin", { plugins: ["@azidentity/plugin-entrra"] }, { code: "unknown-plugin", path: "plugins" }],
    [
      "an unknown source in the chain",
      { plugins: [plugin], chain: ["azure-thng"] },
      { code: "unknown-source", path: "chain.0" },
    ],
    ["an unknown source in settings", { plugins: [plugin], sources: { "azure-thng": {} } }, { code: "unknown-source" }],
    ["an empty chain", { plugins: [plugin], chain: [] }, { code: "empty-chain", path: "chain" }],
    ["two sources of one name", { plugins: [plugin, plugin] }, { code: "duplicate-source" }],
    ["a plugin of another contract", { plugins: [{ ...plugin, contract: 2 } as never] }, { code: "plugin-contract" }],
    [
      "an authority that is not https",
      { plugins: [], authorityHost: "http://login.microsoftonline.com" },
      { code: "invalid-authority" },
    ],
    ["Azure AD B2C", { plugins: [], authorityHost: "https://contoso.b2clogin.com" }, { code: "unsupported-authority" }],
    ["an unknown profile", { plugins: [], profiles: { work: {} }, profile: "wrok" }, { code: "unknown-profile" }],
    [
      "an unknown option",
      { plugins: [plugin], sources: { "azure-thing": { tenantid: "x" } } },
      { code: "unknown-option", path: "sources.azure-thing.tenantid" },
    ],
    [
      "a wrong option",
      { plugins: [plugin], sources: { "azure-thing": { tenantId: 7 } } } as never,
      { code: "invalid-option", path: "sources.azure-thing.tenantId" },
    ],
    ["a config that is required and missing", { plugins: [], requireConfig: true }, { code: "config-required" }],
  ])("a mistake in the config such as %s is refused before a token is requested", async (_, options, expected) => {
    await expect(setUp(options).identity.ready()).rejects.toMatchObject({ name: "ConfigurationError", ...expected });
  });

  it.each<[string, object, object]>([
    ["an unknown source", { chain: ["azure-thng"] }, { code: "unknown-source", path: "chain.0" }],
    ["one in a named chain", { chains: { ci: ["azure-thng"] } }, { code: "unknown-source", path: "chains.ci.0" }],
    ["an unknown option", { sources: { "azure-thing": { tenantid: "x" } } }, { code: "unknown-option" }],
    ["an empty chain", { chain: [] }, { code: "empty-chain", path: "chain" }],
    ["an option of no store", { cache: { maxEntires: 5 } }, { code: "unknown-option", path: "cache.maxEntires" }],
  ])("the error names the file with %s", async (_, config, expected) => {
    const file = `${tempFolder({ "c.json": JSON.stringify(config) })}/c.json`;
    const error = await failure(createIdentity({ configFile: file, plugins: [plugin] }, { env: {} }).ready());
    expect(error).toMatchObject({ ...expected, file });
    expect(error.message).toMatch(/Did you mean|Name a source/);
  });

  it.each([[5], [[null]], [[{}]], ["constructor"]])("identity.chain(%j) is refused with a code", async (entries) => {
    const chain = setUp({ plugins: [plugin] }).identity.chain(entries as never);
    await expect(chain.getToken(scope)).rejects.toMatchObject({ name: "ConfigurationError" });
  });

  it("a mistake in the options of a store is found at once, including a literal secret", async () => {
    const options = defineOptions({ url: { type: "string", secret: true } });
    const provider = { token: services.tokenStore, name: "redis", options, create: () => expect.fail("too early") };
    const plugins = [plugin, definePlugin({ name: "stores", services: [provider] })];
    await expect(setUp({ plugins, cache: { store: "redis", ulr: "x" } }).identity.ready()).rejects.toMatchObject({
      code: "unknown-option",
      path: "cache.ulr",
    });
    const configFile = `${tempFolder({ "c.json": '{ "cache": { "store": "redis", "url": "c4n4ry" } }' })}/c.json`;
    const error = await failure(createIdentity({ configFile, plugins }, { env: {} }).ready());
    expect(error).toMatchObject({ code: "inline-secret", path: "cache.url", file: configFile });
    expect(error.message).not.toContain("c4n4ry");
  });

  it("the error for an invalid option of credential() names credential()", async () => {
    const { identity } = setUp({ plugins: [plugin] });
    const error = await failure(identity.credential("azure-thing", { tenantid: "x" }).getToken(scope));
    expect(error).toMatchObject({ code: "unknown-option", path: 'credential("azure-thing").tenantid' });
    await expect(identity.credential("azure-thing", "x" as never).getToken(scope)).rejects.toMatchObject({
      code: "invalid-config",
    });
  });

  it("the error for an unknown source lists all sources when no name is similar", async () => {
    const error = await failure(setUp({ plugins: [plugin], chain: ["xyz"] }).identity.ready());
    expect(error.message).toContain("Available: azure-thing.");
  });

  it("the error names the plugin that threw while it was loaded", async () => {
    const folder = tempFolder({
      "azidentity.config.json": '{ "plugins": ["./bad.mjs"] }',
      "bad.mjs": 'throw new Error("cannot start");',
    });
    const identity = createIdentity({ configFile: `${folder}/azidentity.config.json` }, { env: {} });
    const error = await failure(identity.getToken(scope));
    expect(error).toMatchObject({ code: "plugin-load-failed" });
    expect(error.message).toContain("./bad.mjs");
    expect(error.message).toContain("cannot start");
  });

  it("a literal secret in a config file is refused and not shown", async () => {
    const options = defineOptions({ clientSecret: { type: "string", secret: true } });
    const { plugin: secretive } = countingSource("secretive", { options });
    const folder = tempFolder({
      "azidentity.config.json": '{ "sources": { "secretive": { "clientSecret": "canary-secret" } } }',
    });
    const configFile = `${folder}/azidentity.config.json`;
    const error = await failure(createIdentity({ configFile, plugins: [secretive] }, { env: {} }).ready());
    expect(error).toMatchObject({ code: "inline-secret", file: configFile, path: "sources.secretive.clientSecret" });
    expect(error.message).not.toContain("canary-secret");
    await createIdentity({ configFile, plugins: [secretive], allowInlineSecrets: true }, { env: {} }).ready();
  });
});

describe("a request", () => {
  it.each([
    ["no scope", [], {}, "no-scope"],
    ["an empty scope", "", {}, "no-scope"],
    ["a scope with a quote", 'https://a/"', {}, "invalid-scope"],
    ["a scope with a control character", "https://a/\n.default", {}, "invalid-scope"],
    ["no scopes at all", undefined, {}, "invalid-scope"],
    ["a tenant that could be an option", scope, { tenantId: "--debug" }, "invalid-tenant"],
    ["claims that are no object", scope, { claims: "[]" }, "invalid-claims"],
    ["empty claims", scope, { claims: "" }, "invalid-claims"],
    ["an aborted signal", scope, { abortSignal: AbortSignal.abort() }, "cancelled"],
    ["options that are null", scope, null, "invalid-argument"],
    ["options that are text", scope, "tenant", "invalid-argument"],
    [
      "half of a proof of possession",
      scope,
      { proofOfPossessionOptions: { nonce: "n" } },
      "invalid-proof-of-possession",
    ],
  ] as const)("a request with %s is refused by a rejection, never a throw", async (_, scopes, options, code) => {
    const { plugin, requests } = countingSource();
    const { identity } = setUp({ plugins: [plugin] });
    const ask = () => identity.getToken(scopes as string, options as object);
    await expect(ask()).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(0);
    expect((await identity.getToken(scope)).token).toBe("counting-1");
    await expect(ask()).rejects.toMatchObject({ code }); // now that there is a token in memory, too
  });
});

it.each<[string, object]>([
  ["a signal that is none", { abortSignal: {} }],
  ["a timeout that is no number", { requestOptions: { timeout: "soon" } }],
])("a request with %s is refused", async (_, options) => {
  const { identity } = setUp({ plugins: [countingSource().plugin] });
  await expect(identity.getToken(scope, options)).rejects.toMatchObject({ code: "invalid-argument" });
});

describe("what all callers share", () => {
  const evil = () => expect.fail("one caller changed it for all");

  it.each(["then", "catch", "finally", "constructor"])(
    "a caller that replaces `%s` of its promise does not change the promise of other callers",
    async (name) => {
      const { plugin, requests } = countingSource();
      const { identity } = setUp({ plugins: [plugin] });
      const ask = () => identity.getToken(scope);
      for (const shared of [
        ask(),
        await ask()
          .then(ask)
          .then(() => [ask()]),
      ].flat()) {
        Object.defineProperty(shared, name, { value: evil });
        const other = ask();
        expect(other).not.toBe(shared);
        expect((await other.then((token) => token).finally(() => {})).token).toBe("counting-1");
      }
      expect(requests).toHaveLength(1);
      expect(ask(), "what was not changed is shared").toBe(ask());
    },
  );

  it("the shared promise can be extended, as async_hooks does", async () => {
    const { plugin } = countingSource();
    const { identity } = setUp({ plugins: [plugin] });
    await identity.getToken(scope);
    const hit = identity.getToken(scope);
    const hook = createHook({ init() {}, before() {}, after() {}, promiseResolve() {} }).enable();
    try {
      expect((await hit).token).toBe("counting-1");
      expect((await identity.getToken(scope)).token).toBe("counting-1");
    } finally {
      hook.disable();
    }
  });

  it("callers cannot change a shared token or its principal", async () => {
    const principal = { tenantId: "t", clientId: "c" };
    const { plugin } = countingSource("one", {
      create: (_, { clock }) => ({
        getToken: async () => ({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer", principal }),
      }),
    });
    const { identity } = setUp({ plugins: [plugin] });
    const token = await identity.getToken(scope);
    const hidden = Object.getOwnPropertySymbols(token).map((key) => Reflect.get(token, key));
    expect(hidden).toContainEqual(principal);
    for (const part of [token, Object.getPrototypeOf(token), ...hidden]) expect(Object.isFrozen(part)).toBe(true);
  });

  it("callers cannot change the record of a walk, even as part of an error", async () => {
    const { plugin } = countingSource("one", {
      create: (_, { clock }) => ({
        getToken: async () => ({
          token: jwt({ tid: "t", oid: "o" }),
          expiresOnTimestamp: clock.now() + hour,
          tokenType: "Bearer",
        }),
      }),
    });
    const absent = countingSource("absent", { detect: () => ({ state: "absent", reason: "Not here." }) });
    const { identity } = setUp({ plugins: [plugin, absent.plugin] });
    await identity.getToken(scope);
    const { walk } = await failure(identity.chain(["absent"]).getToken(scope));
    for (const shared of [identity.explain.last, walk]) {
      const { attempts, scopes, principal } = shared;
      for (const part of [shared, attempts, ...attempts, scopes, principal]) expect(Object.isFrozen(part)).toBe(true);
    }
    expect(identity.explain.last?.principal).toEqual({ tenantId: "t", objectId: "o" });
  });
});

describe("closing", () => {
  const never = new Promise<never>(() => {});
  const token = Promise.resolve({ token: "T", expiresOnTimestamp: 9e15, tokenType: "Bearer" as const });
  const noStore = { get: async () => undefined, set: async () => {}, delete: async () => {}, update: async () => {} };

  it("closing ends running acquisitions, disposes credentials, and refuses later calls", async () => {
    let disposed = 0;
    const { plugin } = countingSource("slow", {
      create: () => ({
        getToken: () => new Promise<IssuedToken>(() => {}),
        [Symbol.asyncDispose]: async () => void disposed++,
      }),
    });
    const { identity, clock } = setUp({ plugins: [plugin] });
    const waiting = failure(identity.getToken(scope));
    await clock.advance(1);
    await identity.close();
    await identity.close();
    expect(await waiting).toMatchObject({ code: "closed" });
    expect(await failure(identity.getToken(scope))).toMatchObject({ name: "AbortError", code: "closed" });
    expect(disposed).toBe(1);
  });

  it("closing refuses a call in the same tick, even if its token is in memory", async () => {
    const { plugin } = countingSource("counting", { supports: ["user-assertion"] });
    const { identity } = setUp({ plugins: [plugin] });
    const callers = [identity, identity.credential("counting"), identity.credential("counting").forUser("of alice")];
    for (const caller of callers) await caller.getToken(scope);
    const closing = identity.close();
    for (const caller of callers) expect(await failure(caller.getToken(scope))).toMatchObject({ code: "closed" });
    await closing;
  });

  it("closing ends a call that was made just before", async () => {
    const { plugin } = countingSource();
    const { identity } = setUp({ plugins: [plugin] });
    await identity.ready();
    const error = failure(identity.credential("counting").getToken(scope));
    await identity.close();
    expect(await error).toMatchObject({ code: "closed" });
  });

  it.each([
    ["hangs", "await new Promise(() => {});"],
    ["exports a promise that never settles", "export default new Promise(() => {});"],
  ])("closing does not wait for a config file that %s, and ends the wait of callers", async (_, text) => {
    const folder = tempFolder({ "azidentity.config.mjs": text });
    const identity = createIdentity({ configFile: `${folder}/azidentity.config.mjs` }, { env: {} });
    const waiting = [failure(identity.getToken(scope)), failure(identity.ready())];
    await new Promise(setImmediate);
    await identity.close();
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ name: "AbortError", code: "closed" });
  });

  it.each<[string, Partial<AnySource>, () => unknown]>([
    ["a credential", { create: () => ({ getToken: () => token, [Symbol.asyncDispose]: () => never }) }, () => noStore],
    ["a store that opens", {}, () => never],
    ["a store that closes", {}, () => ({ ...noStore, [Symbol.asyncDispose]: () => never })],
  ])("closing ends in time, with a warning, if %s never ends", async (_, more, create) => {
    const { plugin } = countingSource("counting", more);
    const provider = { token: services.tokenStore, name: "mine", create } as ServiceProvider;
    const warnings: string[] = [];
    const logger = { error() {}, warn: (text: string) => warnings.push(text), info() {}, debug() {} };
    const plugins = [plugin, definePlugin({ name: "p", services: [provider] })];
    const { identity, clock } = setUp({ plugins, cache: { store: "mine" }, log: { level: "warn" } }, { logger });
    const settled = async (promise: Promise<unknown>) => {
      let done = false;
      promise.finally(() => {
        done = true;
      });
      for (let turn = 0; !done && turn < 1_000; turn++) await clock.advance(50);
      return promise;
    };
    await settled(identity.getToken(scope));
    warnings.length = 0;
    await settled(identity.close());
    expect(warnings).toEqual([expect.stringContaining("had not ended 5 s after")]);
  });

  it("closing disposes credentials, newest first, including those that new callers would no longer get", async () => {
    const disposed: number[] = [];
    const { plugin } = countingSource("numbered", {
      options: defineOptions({ number: { type: "number" } }),
      create: (options, { clock }) => ({
        getToken: async () => ({ token: "T", expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" }),
        [Symbol.asyncDispose]: async () => void disposed.push((options as { number: number }).number),
      }),
    });
    const { identity } = setUp({ plugins: [plugin] });
    const numbers = Array.from({ length: 1_002 }, (_, number) => number);
    const held = numbers.map((number) => identity.credential("numbered", { number }));
    for (const credential of held) await credential.getToken(scope);
    await identity.close();
    expect(disposed).toEqual(numbers.reverse());
  });
});

describe("settings that every source has", () => {
  /** A source that never answers, and says when it is asked. */
  const hanging = (more: Partial<AnySource> = {}) => {
    const asked = Promise.withResolvers<void>();
    const getToken = () => {
      asked.resolve();
      return new Promise<never>(() => undefined);
    };
    return { asked: asked.promise, ...countingSource("slow-tool", { create: () => ({ getToken }), ...more }) };
  };
  const timesOutAfter = async (ms: number, options: IdentityOptions, more: Partial<AnySource>, env = {}) => {
    const { plugin, asked } = hanging(more);
    const { identity, clock } = setUp({ plugins: [plugin], ...options }, { env });
    const failed = failure(identity.getToken(scope));
    await asked;
    await clock.advance(ms - 1);
    expect(await Promise.race([failed, "waits"])).toBe("waits");
    await clock.advance(1);
    return failed;
  };
  const options = defineOptions({ patienceMs: { type: "number" } });
  const own = { options, deadlineMs: (given: unknown) => (given as { patienceMs?: number }).patienceMs };

  it("the deadline comes from the source's options, the config and the environment, the last taking precedence", async () => {
    const config = { sources: { "slow-tool": { patienceMs: 5_000 } } };
    const stronger = { sources: { "slow-tool": { patienceMs: 5_000, deadlineMs: 7_000 } } };
    expect(await timesOutAfter(30_000, {}, own)).toMatchObject({ code: "timeout" });
    expect(await timesOutAfter(5_000, config, own)).toMatchObject({ code: "timeout" });
    expect(await timesOutAfter(7_000, stronger, own)).toMatchObject({ code: "timeout" });
    const error = await timesOutAfter(9_000, stronger, own, { AZIDENTITY_SLOW_TOOL_TIMEOUT_MS: "9000" });
    expect(error).toMatchObject({
      code: "timeout",
      message: expect.stringContaining("AZIDENTITY_SLOW_TOOL_TIMEOUT_MS"),
    });
  });

  it.each(["0", "-1", "soon", "1e99"])("a timeout of %s in the environment is refused", async (text) => {
    const { plugin } = countingSource("slow-tool");
    const env = { AZIDENTITY_SLOW_TOOL_TIMEOUT_MS: text, AZIDENTITY_ABSENT_TIMEOUT_MS: "5" };
    const { identity } = setUp({ plugins: [plugin] }, { env });
    expect(await failure(identity.getToken(scope))).toMatchObject({
      code: "invalid-config",
      path: "AZIDENTITY_SLOW_TOOL_TIMEOUT_MS",
    });
  });

  it("`cache: false` disables memory and store", async () => {
    const { plugin, requests } = countingSource();
    const store = { get: () => expect.fail("it was asked"), set: () => expect.fail("it was told") };
    const provider = { token: services.tokenStore, name: "mine", create: () => store };
    const { identity } = setUp({
      plugins: [plugin, definePlugin({ name: "mine", services: [provider] })],
      sources: { counting: { cache: false } },
      cache: { store: "mine" },
    });
    expect((await identity.getToken(scope)).token).toBe("counting-1");
    expect((await identity.getToken(scope)).token).toBe("counting-2");
    expect(requests).toHaveLength(2);
  });
});

it("a source with maxConcurrency 1 is called for one token after another, and time in the queue does not count", async () => {
  let running = 0;
  let most = 0;
  const clock = createFakeClock();
  const { plugin, requests } = countingSource("one", {
    maxConcurrency: 1,
    create: () => ({
      async getToken(request: TokenRequest): Promise<IssuedToken> {
        most = Math.max(most, ++running);
        requests.push(request);
        await clock.sleep(20_000, request.signal);
        running--;
        return { token: request.scopes[0], expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" };
      },
    }),
  });
  const { identity } = setUp({ plugins: [plugin] }, { clock });
  const credentials = [identity.credential("one"), identity.credential("one", {}), identity];
  const tokens = Promise.all(credentials.map((one, n) => one.getToken(`https://${n}.test/.default`)));
  for (let n = 1; n <= 3; n++) {
    while (requests.length < n) await clock.advance(0);
    await clock.advance(20_000);
  }
  expect((await tokens).map(({ token }) => token)).toEqual([0, 1, 2].map((n) => `https://${n}.test/.default`));
  expect(most).toBe(1);
});
