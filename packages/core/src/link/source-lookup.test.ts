import { expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import { type AnySource, services } from "../contract/services.ts";
import type { TokenRequest } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { createIdentity } from "../identity.ts";
import { defineOptions, definePlugin } from "../options/define-options.ts";
import type { IdentityOptions } from "../runtime/start-place.ts";
import { defineTokenStore } from "../store/define-token-store.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createMemoryStore } from "../test-kit/memory-store.ts";

const scope = "https://vault.azure.net/.default";
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;

type GetToken = (request: TokenRequest, context: SourceContext) => Promise<string>;

function source(name: string, getToken: GetToken, more: Partial<AnySource> = {}): AnySource {
  return {
    name,
    kind: "deployed",
    tenantPolicy: "any",
    subject: () => name,
    create: (_, context) => ({
      async getToken(request) {
        const token = await getToken(request, context);
        return { token, expiresOnTimestamp: context.clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
    ...more,
  };
}

const using =
  (other: string): GetToken =>
  async (request, { service }) => {
    const lookup = await service(services.sourceLookup);
    const inner = await lookup?.credential(other).getToken({ ...request, scopes: ["api://exchange/.default"] });
    return jwt({ appid: "app", by: inner?.token });
  };

function identityOf(sources: AnySource[], more: IdentityOptions = {}, overrides = {}) {
  const plugins = [definePlugin({ name: "p", sources })];
  const clock = createFakeClock();
  return createIdentity({ config: false, plugins, ...more }, { env: {}, clock, random: () => 0, ...overrides });
}

it("a source can use the token of another source, through the cache and without expect", async () => {
  let asked = 0;
  const inner = source("inner", async () => `inner-${++asked}`);
  const identity = identityOf([inner, source("outer", using("inner"))], { expect: { clientId: "app" } });
  const outer = identity.credential("outer");
  expect((await outer.getToken(scope)).token).toBe(jwt({ appid: "app", by: "inner-1" }));
  expect((await outer.getToken("https://graph.microsoft.com/.default")).token).toBe(
    jwt({ appid: "app", by: "inner-1" }),
  );
  await expect(identity.credential("inner").getToken(scope)).rejects.toMatchObject({ code: "unverifiable-principal" });
});

/** Gets the token of another source as its own. */
const passing =
  (other: string): GetToken =>
  async (request, { service }) => {
    const lookup = await service(services.sourceLookup);
    return (await lookup?.credential(other, undefined, { cached: false }).getToken(request))?.token ?? "";
  };

it("a token that a source returns from another source is kept once", async () => {
  let requested = 0;
  const inner = source("inner", async () => `inner-${++requested}`);
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const provider = defineTokenStore({ name: "memory", create: () => store });
  const sources = [inner, source("outer", passing("inner"))];
  const plugins = [definePlugin({ name: "p", sources, services: [provider] })];
  const identity = identityOf([], { plugins, cache: { store: "memory" } }, { clock });
  const outer = identity.credential("outer");
  for (let n = 0; n < 2; n++) expect((await outer.getToken(scope)).token).toBe("inner-1");
  const keys: string[] = [];
  for await (const { key } of store.list?.() ?? []) keys.push(key);
  expect(keys).toEqual([expect.stringContaining("outer")]);
  await outer.getToken(scope, { claims: '{"access_token":{}}' });
  expect(requested).toBe(2);
});

it.each(["interactive", "deployed"] as const)(
  "in production mode a source can use the token of a source of kind %s that never prompts",
  async (kind) => {
    const sources = [source("inner", async () => "T", { kind, neverPrompts: true }), source("outer", passing("inner"))];
    const identity = identityOf(sources, { mode: "production" });
    expect((await identity.credential("outer").getToken(scope)).token).toBe("T");
  },
);

it.each([
  { kind: "interactive", neverPrompts: false },
  { kind: "developer", neverPrompts: true },
] as const)("in production mode a source cannot use the token of another source: %j", async (more) => {
  const sources = [source("inner", async () => "T", more), source("outer", passing("inner"))];
  const identity = identityOf(sources, { mode: "production" });
  await expect(identity.credential("outer").getToken(scope)).rejects.toMatchObject({ code: "unknown-source" });
});

it.each([
  ["itself", [source("a", using("a"))]],
  ["one that needs its token", [source("a", using("b")), source("b", using("a"))]],
] as const)("a source that uses %s is refused instead of waiting forever", async (_, sources) => {
  await expect(
    identityOf([...sources])
      .credential("a")
      .getToken(scope),
  ).rejects.toMatchObject({ code: "source-cycle" });
});

it("the error for a missing source has its name", async () => {
  const identity = identityOf([source("a", using("missing"))]);
  await expect(identity.credential("a").getToken(scope)).rejects.toMatchObject({ code: "unknown-source" });
});

const record = { authority: "a", homeAccountId: "h", clientId: "c", tenantId: "t", username: "u" };

it("authenticate signs a user in and drops the tokens of the previous user", async () => {
  let asked = 0;
  const browser = source("browser", async () => "", {
    kind: "interactive",
    create: (_, { clock }) => ({
      getToken: async () => ({
        token: `t${++asked}`,
        expiresOnTimestamp: clock.now() + 3_600_000,
        tokenType: "Bearer",
      }),
      authenticate: async () => record,
    }),
  });
  const identity = identityOf([browser, source("plain", async () => "T")]);
  const credential = identity.credential("browser");
  await credential.getToken(scope);
  expect(await credential.authenticate(scope)).toEqual(record);
  expect((await credential.getToken(scope)).token).toBe("t2");
  await expect(identity.credential("plain").authenticate(scope)).rejects.toMatchObject({
    code: "authenticate-unsupported",
  });
});

it("stored tokens of one application in two tenants are separate", async () => {
  const kept = new Map<string, Uint8Array>();
  const store = defineTokenStore({
    name: "mine",
    create: () => ({
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: Uint8Array) => void kept.set(key, value),
      delete: async (key: string) => void kept.delete(key),
      update: async () => {},
    }),
  });
  let asked = 0;
  const app = source("app", async () => `t${++asked}`, { tenantPolicy: "allow-list" });
  const plugins = [definePlugin({ name: "p", sources: [app], services: [store] })];
  const tokens = ["one.com", "two.com", "one.com"].map(
    (tenantId) => async () =>
      (
        await identityOf([], { plugins, tenantId, cache: { store: "mine" } })
          .credential("app")
          .getToken(scope)
      ).token,
  );
  expect([await tokens[0]?.(), await tokens[1]?.(), await tokens[2]?.()]).toEqual(["t1", "t2", "t1"]);
});

it("a source gets the guarded token store, which is not used after one timeout", async () => {
  const clock = createFakeClock();
  const called = Promise.withResolvers<void>();
  let calls = 0;
  const hang = () => {
    calls++;
    called.resolve();
    return new Promise<never>(() => undefined);
  };
  const create = () => ({ get: hang, set: hang, delete: hang, update: hang });
  const provider = defineTokenStore({ name: "mine", create });
  const failures: string[] = [];
  const reader = source("reader", async (_, context) => {
    for (let n = 0; n < 2; n++) {
      const reading = context.service(services.tokenStore).then((store) => store?.get("key"));
      await reading.catch((error: Error) => failures.push(error.message));
    }
    return "T";
  });
  const plugins = [
    definePlugin({ name: "p", sources: [{ ...reader, subject: () => undefined }], services: [provider] }),
  ];
  const token = identityOf([], { plugins, cache: { store: "mine" } }, { clock })
    .credential("reader")
    .getToken(scope);
  await called.promise;
  await clock.advance(5_000);
  expect((await token).token).toBe("T");
  expect(failures).toEqual(["no answer within 5 s", expect.stringContaining("no answer within 5 s")]);
  expect(calls).toBe(1);
});

it("while the account cannot be read, no token is served from memory and no caller gets an error", async () => {
  let broken = false;
  let asked = 0;
  const tool = source("tool", async () => `t${++asked}`, {
    kind: "developer",
    accountState: () => {
      if (broken) throw new Error("EACCES");
      return "alice";
    },
  });
  const identity = identityOf([tool]);
  const credential = identity.credential("tool");
  await credential.getToken(scope);
  broken = true;
  expect((await credential.getToken(scope)).token).toBe("t2");
});

it("a caller that aborts does not wait for plugins, and closing ends an explanation", async () => {
  const deaf = source("deaf", () => new Promise<string>(() => {}));
  const identity = identityOf([deaf]);
  const caller = new AbortController();
  const early = identity.credential("deaf").getToken(scope, { abortSignal: caller.signal });
  caller.abort();
  await expect(early).rejects.toMatchObject({ code: "cancelled" });
  await identity.ready();
  const walk = identity.credential("deaf").explain(scope);
  await new Promise(setImmediate);
  await identity.close();
  expect((await walk).attempts[0]).toMatchObject({ outcome: "cancelled", code: "closed" });
});

it("an invalid assertion is refused, and each user has a timeout of their own", async () => {
  const clock = createFakeClock();
  const slow = source("slow", () => new Promise<string>(() => {}), { supports: ["user-assertion"] });
  const credential = identityOf([slow], {}, { clock }).credential("slow");
  for (const none of ["", " ", undefined, 7, "Bearer a.b.c"])
    expect(() => credential.forUser(none as string)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  const waiting = credential.forUser("a").getToken(scope, { requestOptions: { timeout: 100 } });
  const error = waiting.catch((thrown) => thrown);
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (let turn = 0; turn < 20; turn++) await clock.advance(100);
  expect(await error).toMatchObject({ code: "timeout" });
});

it("no error shows a secret of a source, even with verbose logging and a log that throws", async () => {
  const lines: unknown[] = [];
  const write = (...args: unknown[]) => {
    lines.push(args);
    throw new Error("disk full");
  };
  const logger = { error: write, warn: write, info: write, debug: write };
  const options = defineOptions({ password: { type: "string", secret: true } });
  const leaky = source("leaky", async () => Promise.reject(new Error("refused: c4n4ry-pw")), { options });
  const identity = identityOf(
    [leaky, source("no", async () => Promise.reject(outcomeError("failed", "no")))],
    { log: { level: "debug" } },
    { logger },
  );
  const error = await identity
    .credential("leaky", { password: "c4n4ry-pw" })
    .getToken(scope)
    .catch((thrown) => thrown);
  const { inspect } = await import("node:util");
  expect(error).toMatchObject({ code: "failed" });
  expect(lines.length).toBeGreaterThan(0);
  expect(inspect([error, lines], { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain("c4n4ry-pw");
});
