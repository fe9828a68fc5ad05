import { describe, expect, it } from "vitest";
import type { SourceContext } from "../src/contract/context.ts";
import type { AnySource } from "../src/contract/services.ts";
import type { IssuedToken, TokenRequest } from "../src/contract/token.ts";
import { outcomeError } from "../src/errors/outcome-error.ts";
import { createIdentity } from "../src/identity.ts";
import { defineOptions, definePlugin, defineSource } from "../src/options/define-options.ts";
import type { IdentityOptions } from "../src/runtime/start-place.ts";
import { defineTokenStore } from "../src/store/define-token-store.ts";
import { readStoreKey } from "../src/store/store-key.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../src/test-kit/memory-store.ts";
import { ask, hour, setUp as setUpLink } from "./link-under-test.ts";

const scope = "https://vault.azure.net/.default";
const other = "https://storage.azure.com/.default";

interface AppOptions {
  readonly clientId?: string;
  readonly tenantId?: string;
}

/** An application whose tokens say for which client in which tenant they were issued. */
function setUp({ store, more }: { store?: boolean; more?: Partial<IdentityOptions> } = {}) {
  const clock = createFakeClock();
  const env: Record<string, string> = { T: "old.example", C: "app-1" };
  const requests: TokenRequest[] = [];
  let gate: Promise<void> = Promise.resolve();
  const app = defineSource({
    name: "app",
    kind: "deployed",
    priority: 1,
    tenantPolicy: "allow-list",
    options: defineOptions({ clientId: { type: "string" }, tenantId: { type: "string" } }),
    homeTenant: {},
    subject: ({ clientId = "app-0" }: AppOptions) => clientId,
    create: ({ clientId = "app-0", tenantId }: AppOptions, context: SourceContext) => ({
      async getToken(request): Promise<IssuedToken> {
        requests.push(request);
        await gate;
        const text = `${clientId}@${request.tenantId ?? tenantId}#${requests.length}`;
        return { token: text, expiresOnTimestamp: context.clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
  } as AnySource);
  const memory = createMemoryStore(clock);
  const stores = [defineTokenStore({ name: "memory", create: () => memory })];
  const identity = createIdentity(
    {
      config: false,
      plugins: [definePlugin({ name: "p", sources: [app], services: store ? stores : [] })] as never,
      sources: { app: { clientId: { env: "C" }, tenantId: { env: "T" } } },
      additionallyAllowedTenants: ["*"],
      ...(store ? { cache: { store: "memory" } } : {}),
      ...more,
    } as IdentityOptions,
    { clock, env },
  );
  return {
    identity,
    env,
    requests,
    clock,
    hold() {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return () => {
        gate = Promise.resolve();
        held.resolve();
      };
    },
    text: async (scopes = scope, options?: object) => (await identity.getToken(scopes, options)).token.split("#")[0],
  };
}

describe.each([
  ["without a store", false],
  ["with a store", true],
])("an application whose tenant rotates, %s", (_, store) => {
  it("a call that names the previous tenant gets that tenant's token", async () => {
    const { env, text } = setUp({ store });
    expect(await text()).toBe("app-1@old.example");
    env.T = "new.example";
    expect(await text(other)).toBe("app-1@new.example");
    expect(await text(other, { tenantId: "old.example" })).toBe("app-1@old.example");
    expect(await text(scope, { tenantId: "old.example" })).toBe("app-1@old.example");
  });

  it("a call without a tenant never gets a token of the previous tenant, once the new one was read", async () => {
    const { env, text } = setUp({ store });
    await text();
    env.T = "new.example";
    await text(other);
    await text(scope, { tenantId: "old.example" });
    expect(await text()).toBe("app-1@new.example");
  });

  it("concurrent calls for the own tenant and the previous one make separate acquisitions", async () => {
    const { env, text, hold } = setUp({ store });
    await text(other);
    env.T = "new.example";
    const release = hold();
    const both = Promise.all([text(), text(scope, { tenantId: "old.example" })]);
    release();
    expect(await both).toEqual(["app-1@new.example", "app-1@old.example"]);
  });

  it("a call after a rotation of the tenant starts its own acquisition while another call waits", async () => {
    const { env, text, hold } = setUp({ store });
    await text(other);
    const release = hold();
    const before = text(scope, { enableCae: true });
    await new Promise((resolve) => setImmediate(resolve));
    env.T = "new.example";
    const after = text(scope, { enableCae: true });
    release();
    expect(await Promise.all([before, after])).toEqual(["app-1@old.example", "app-1@new.example"]);
    expect(await text(scope, { enableCae: true })).toBe("app-1@new.example");
  });

  it("no remembered token of the previous client id is served, once the new one was read", async () => {
    const { env, text } = setUp({ store });
    await text();
    env.C = "app-2";
    expect(await text(other)).toBe("app-2@old.example");
    expect(await text()).toBe("app-2@old.example");
    env.C = "app-1";
    expect(await text("https://third.example/.default")).toBe("app-1@old.example");
    expect(await text(other)).toBe("app-1@old.example");
  });
});

it("A source keeps serving its token while its options cannot be read", async () => {
  const { env, text, clock, requests } = setUp();
  await text();
  delete (env as { T?: string }).T;
  clock.advance(58 * 60_000);
  expect(await text()).toBe("app-1@old.example");
  expect(requests).toHaveLength(1);
});

/** What `@azure/identity` exports under this name, as far as a chain sees it. */
class ClientSecretCredential {
  readonly #text: string | undefined;
  constructor(text?: string) {
    this.#text = text;
  }
  async getToken() {
    if (this.#text === undefined) throw Object.assign(new Error("invalid_client"), { name: "AuthenticationError" });
    return { token: this.#text, expiresOnTimestamp: Date.UTC(2027, 0, 1) };
  }
}

describe("credentials of another library with one class name over one store", () => {
  it("credentials of another library with one class name share no token", async () => {
    const clock = createFakeClock();
    const memory = createMemoryStore(clock);
    const provider = defineTokenStore({ name: "memory", create: () => memory });
    const plugins = [definePlugin({ name: "p", services: [provider] })];
    const start = () => createIdentity({ config: false, plugins, cache: { store: "memory" } }, { clock, env: {} });
    const first = start();
    expect((await first.chain([new ClientSecretCredential("a")]).getToken(scope)).token).toBe("a");
    for (const identity of [first, start()]) {
      const wrongSecret = identity.chain([new ClientSecretCredential()]).getToken(scope);
      await expect(wrongSecret).rejects.toThrow("invalid_client");
      expect((await identity.chain([new ClientSecretCredential("b")]).getToken(scope)).token).toBe("b");
    }
    for await (const { key } of memory.list?.() ?? []) expect(key).toBe("nothing is stored");
  });

  it("credentials of another library with one subject share stored tokens", async () => {
    const clock = createFakeClock();
    const memory = createMemoryStore(clock);
    const provider = defineTokenStore({ name: "memory", create: () => memory });
    const plugins = [definePlugin({ name: "p", services: [provider] })];
    const ask = async (text: string, subject: string) => {
      const identity = createIdentity({ config: false, plugins, cache: { store: "memory" } }, { clock, env: {} });
      const entry = { credential: new ClientSecretCredential(text), subject };
      return (await identity.chain([entry]).getToken(scope)).token;
    };
    expect(await ask("a", "contoso/app")).toBe("a");
    expect(await ask("a2", "contoso/app")).toBe("a");
    expect(await ask("b", "contoso/other")).toBe("b");
  });

  it("a credential of another library has stored tokens of its own under each subject, and none without one", async () => {
    const clock = createFakeClock();
    const memory = createMemoryStore(clock);
    const provider = defineTokenStore({ name: "memory", create: () => memory });
    const plugins = [definePlugin({ name: "p", services: [provider] })];
    await using identity = createIdentity({ config: false, plugins, cache: { store: "memory" } }, { clock, env: {} });
    const credential = new ClientSecretCredential("a");
    const entries = [{ credential, subject: "contoso/app" }, { credential, subject: "contoso/other" }, credential];
    for (const entry of entries) await identity.chain([entry]).getToken(scope);
    const subjects: unknown[] = [];
    for await (const { key } of memory.list?.() ?? []) subjects.push(readStoreKey(key)?.subject);
    expect(subjects.sort()).toEqual(["contoso/app", "contoso/other"]);
  });

  it("a credential of another library with an empty subject is refused", async () => {
    const { identity } = setUp();
    const asked = identity.chain([{ credential: new ClientSecretCredential("a"), subject: "" }]).getToken(scope);
    await expect(asked).rejects.toMatchObject({ code: "invalid-config", path: "chain.0.subject" });
  });
});

describe("a call after the tool's account has changed", () => {
  /** A tool that reads its account when it starts and prints its token when it is released. */
  function setUpTool() {
    const clock = createFakeClock();
    let account = "alice";
    const started: (() => void)[] = [];
    const tool = defineSource({
      name: "tool",
      kind: "developer",
      priority: 1,
      tenantPolicy: "any",
      subject: () => "folder",
      accountState: () => account,
      create: () => ({
        async getToken(): Promise<IssuedToken> {
          const text = account;
          await new Promise<void>((resolve) => started.push(resolve));
          return { token: text, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
        },
      }),
    });
    const plugins = [definePlugin({ name: "p", sources: [tool] })];
    const identity = createIdentity({ config: false, plugins }, { clock, env: {} });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return {
      identity,
      settle,
      logIn(name: string) {
        account = name;
      },
      async release() {
        for (let turns = 0; turns < 5; turns++) {
          await settle();
          for (const go of started.splice(0)) go();
        }
      },
    };
  }

  it("a call after an account change joins no acquisition of the previous account", async () => {
    for (const options of [undefined, {}, { enableCae: true }]) {
      const { identity, settle, logIn, release } = setUpTool();
      await identity.ready();
      const before = identity.getToken(scope, options);
      await settle();
      logIn("bob");
      const after = identity.getToken(scope, options);
      await release();
      expect([(await before).token, (await after).token]).toEqual(["alice", "bob"]);
      const last = identity.getToken(scope, options);
      await release();
      expect((await last).token).toBe("bob");
    }
  });
});

describe("work of the previous principal that ends late", () => {
  const turn = () => new Promise(setImmediate);
  /**
   * A link whose principal a test changes; `other` is another scope, for the request that notices.
   */
  function setUpChange(more: Partial<AnySource> = {}) {
    let principal = "a";
    const link = setUpLink({ subject: () => principal, ...more });
    return {
      ...link,
      change() {
        principal = "b";
        return link.text(ask({ scopes: [other] }));
      },
    };
  }

  it("a refresh for the previous principal is joined by no request for the new one", async () => {
    const { text, change, clock, answerWith, token } = setUpChange();
    await text();
    await clock.advance(13 * hour);
    const late = Promise.withResolvers<IssuedToken>();
    answerWith(() => late.promise);
    expect(await text()).toBe("token-1"); // and its refresh begins
    await turn();
    answerWith(async (n) => token(`b-${n}`, hour));
    await change();
    expect(await text()).toBe("b-4");
    await clock.advance(hour - 30_000);
    const inLastMinute = text();
    late.resolve(token("a-late", hour));
    expect(await inLastMinute).toBe("b-5");
  });

  it("a delay that was requested from the previous principal does not hold up the new one", async () => {
    const { text, change, answerWith, token } = setUpChange();
    const late = Promise.withResolvers<IssuedToken>();
    answerWith(() => late.promise);
    const before = text();
    await turn();
    answerWith(async (n) => token(`b-${n}`, hour));
    await change();
    late.reject(outcomeError("throttled", "Too many requests.", { retryAfterMs: 60_000 }));
    await expect(before).rejects.toMatchObject({ outcome: "throttled" });
    expect(await text()).toBe("b-3");
  });

  it("an account of the previous principal does not make requests for the new one be repeated", async () => {
    const { text, change, answerWith, token, requests } = setUpChange();
    const of = (n: number, account: string) => ({ ...token(`${account}-${n}`, hour), account });
    answerWith(async (n) => of(n, "ann"));
    await text();
    const pending: PromiseWithResolvers<IssuedToken>[] = [];
    answerWith(() => {
      const held = Promise.withResolvers<IssuedToken>();
      pending.push(held);
      return held.promise;
    });
    const late = text(ask({ enableCae: true }));
    const [first, second] = [change(), text()];
    await turn();
    pending[0]?.resolve(of(2, "ann"));
    expect(await late).toBe("ann-2");
    pending[1]?.resolve(of(3, "bob"));
    expect(await first).toBe("bob-3");
    pending[2]?.resolve(of(4, "bob"));
    expect(await second).toBe("bob-4");
    expect(requests).toHaveLength(4);
  });
});

it("A late token of the previous tenant is not taken for one of the new tenant", async () => {
  const ids: Record<string, string> = {
    "old.example": "11111111-1111-4111-8111-111111111111",
    "new.example": "22222222-2222-4222-8222-222222222222",
  };
  const env: Record<string, string> = { T: "first.example" };
  const clock = createFakeClock();
  const held = { "old.example": Promise.withResolvers<void>(), "new.example": Promise.withResolvers<void>() };
  const app = defineSource({
    name: "app",
    kind: "deployed",
    tenantPolicy: "allow-list",
    options: defineOptions({ tenantId: { type: "string" } }),
    subject: () => "app",
    create: ({ tenantId }) => ({
      async getToken(request) {
        const tenant = request.tenantId ?? (tenantId as string);
        await held[tenant as keyof typeof held]?.promise;
        const payload = JSON.stringify({ tid: ids[tenant] ?? tenant });
        const token = `e30.${Buffer.from(payload).toString("base64url")}.`;
        return { token, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
  });
  const plugins = [definePlugin({ name: "p", sources: [app] })];
  const config = { config: false, plugins, additionallyAllowedTenants: ["*"] } as const;
  await using identity = createIdentity(config, { clock, env });
  const credential = identity.credential("app", { tenantId: { env: "T" } });
  await credential.getToken(scope); // elects the source
  const tenantOf = async (tenantId?: string) => {
    const { token } = await credential.getToken(scope, { tenantId });
    return JSON.parse(Buffer.from(token.split(".")[1] as string, "base64url").toString()).tid;
  };
  env.T = "old.example";
  const before = credential.getToken(other);
  await new Promise(setImmediate);
  env.T = "new.example";
  const after = credential.getToken(other, { enableCae: true });
  await new Promise(setImmediate);
  held["old.example"].resolve();
  await before;
  held["new.example"].resolve();
  await after;
  expect(await tenantOf(ids["old.example"])).toBe(ids["old.example"]);
  expect(await tenantOf(ids["new.example"])).toBe(ids["new.example"]);
});

it("A token that arrives together with that of a new account goes to no caller", async () => {
  const { text, answerWith, token } = setUpLink();
  let account = "ann";
  const pending: (() => void)[] = [];
  answerWith(async (n) => {
    const issued = { ...token(`${account}-${n}`, hour), account };
    if (n <= 3) await new Promise<void>((resolve) => pending.push(resolve));
    return issued;
  });
  const first = text();
  const second = text(ask({ enableCae: true }));
  await new Promise(setImmediate);
  account = "bob";
  const third = text(ask({ scopes: [other] }));
  await new Promise(setImmediate);
  for (const answer of [pending[0], pending[2], pending[1]]) answer?.(); // ann's, bob's, ann's
  expect((await Promise.all([first, second, third])).map((one) => one.split("-")[0])).toEqual(["bob", "bob", "bob"]);
});

it("A tool keeps serving its token while its options cannot be read, until another account signs in", async () => {
  const clock = createFakeClock();
  const env: Record<string, string> = { T: "old.example" };
  let account = "ann";
  const tool = defineSource({
    name: "tool",
    kind: "developer",
    tenantPolicy: "any",
    options: defineOptions({ tenantId: { type: "string" } }),
    subject: () => "folder",
    accountState: () => account,
    create: () => ({
      getToken: async () => ({ token: account, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
    }),
  });
  const plugins = [definePlugin({ name: "p", sources: [tool] })];
  const identity = createIdentity({ config: false, plugins }, { clock, env });
  const credential = identity.credential("tool", { tenantId: { env: "T" } });
  expect((await credential.getToken(scope)).token).toBe("ann");
  delete (env as { T?: string }).T;
  await clock.advance(58 * 60_000);
  expect((await credential.getToken(scope)).token).toBe("ann");
  account = "bob";
  await expect(credential.getToken(scope)).rejects.toMatchObject({ code: "missing-reference" });
});
