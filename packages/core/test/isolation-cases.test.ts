import { describe, expect, it } from "vitest";
import { createIdentity, type Identity, type IdentityOptions } from "../src/index.ts";
import {
  defineOptions,
  definePlugin,
  defineSource,
  type IssuedToken,
  outcomeError,
  type SourceContext,
  services,
  type TokenRequest,
} from "../src/plugin.ts";
import { defineTokenStore } from "../src/store/define-token-store.ts";
import { createFakeClock, createMemoryStore } from "../src/testing.ts";

/*
 * The shortest sequences in which the property test of `isolation.test.ts` found an answer for
 * another principal than the call meant, each as a test of its own.
 */

interface AppOptions {
  readonly clientId?: string;
  readonly tenantId?: string;
  readonly extra?: { readonly name?: string };
}

const text = { type: "string" } as const;
const options = defineOptions({
  clientId: text,
  tenantId: text,
  extra: { type: "object", fields: { name: text } },
});

/** Sources whose tokens say for which principal they were issued. */
function setUp() {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const env: Record<string, string | undefined> = { T: "t1" };
  const tool = { account: "ann", isUnreadable: false };
  let gate: Promise<void> = Promise.resolve();
  let failure: Error | undefined;
  const issue = async (principal: string, { proofOfPossession }: TokenRequest): Promise<IssuedToken> => {
    await gate;
    if (failure !== undefined) throw failure;
    const expiresOnTimestamp = clock.now() + 3_600_000;
    return proofOfPossession === undefined
      ? { token: principal, expiresOnTimestamp, tokenType: "Bearer" }
      : { token: `${principal}:${proofOfPossession.nonce}`, expiresOnTimestamp, tokenType: "pop" };
  };
  const app = defineSource<"app", AppOptions>({
    name: "app",
    kind: "deployed",
    tenantPolicy: "allow-list",
    supports: ["proof-of-possession"],
    options,
    subject: ({ clientId, extra }) => JSON.stringify([clientId, extra?.name]),
    create: ({ clientId = "app", tenantId, extra }, { defaults }) => ({
      getToken(request) {
        const tenant = request.tenantId ?? tenantId ?? defaults.tenantId ?? "none";
        return issue([clientId, extra?.name, tenant].filter(Boolean).join("@"), request);
      },
    }),
  });
  const cli = defineSource({
    name: "cli",
    kind: "developer",
    tenantPolicy: "any",
    subject: () => "cli",
    accountState() {
      if (tool.isUnreadable) throw new Error("The file of the tool cannot be read.");
      return tool.account;
    },
    create: () => ({
      getToken(request) {
        return issue(tool.account, request);
      },
    }),
  });
  /** Hands on the tokens of two applications that it names in one object. */
  const pair = defineSource({
    name: "pair",
    kind: "deployed",
    tenantPolicy: "allow-list",
    subject: () => "pair",
    async create(_: AppOptions, context: SourceContext) {
      const lookup = await context.service(services.sourceLookup);
      return {
        async getToken(request) {
          const inner = { clientId: "first" };
          const first = lookup?.credential("app", inner).getToken(request);
          inner.clientId = "second";
          const second = lookup?.credential("app", inner).getToken(request);
          return issue([(await first)?.token, (await second)?.token].join("+"), request);
        },
      };
    },
  });
  const provider = defineTokenStore({ name: "memory", create: () => store });
  const plugin = definePlugin({ name: "plugin-of-the-test", sources: [app, cli, pair], services: [provider] });
  const config = { config: false as const, plugins: [plugin], additionallyAllowedTenants: ["*"] };
  return {
    clock,
    env,
    tool,
    config,
    fail(error: Error | undefined) {
      failure = error;
    },
    identity: (more: Partial<IdentityOptions> = {}) =>
      createIdentity({ ...config, ...more } as IdentityOptions, { clock, env, random: () => 0 }),
    /** Holds up all sources until the returned function is called. */
    hold() {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return () => {
        gate = Promise.resolve();
        held.resolve();
      };
    },
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const tokens = async (...answers: Promise<{ token: string }>[]) =>
  (await Promise.all(answers)).map(({ token }) => token);
const rotating = { tenantId: { env: "T" } };

/** A credential object of another library: everything that tells it from others is private. */
class ClientSecretCredential {
  readonly #tenant: string;
  readonly #secret: string;
  constructor(tenant: string, secret = "right") {
    this.#tenant = tenant;
    this.#secret = secret;
  }
  async getToken(_: unknown, asked: { readonly tenantId?: string } = {}) {
    if (this.#secret !== "right") throw Object.assign(new Error("wrong secret"), { name: "AuthenticationError" });
    return { token: `foreign@${asked.tenantId ?? this.#tenant}`, expiresOnTimestamp: Date.UTC(2026, 0, 2) };
  }
}

describe("a credential object of another library", () => {
  it("a credential object of another library gets no token of another object of its class, in one process or through the store of two", async () => {
    const { identity } = setUp();
    await using first = identity({ cache: { store: "memory" } });
    await using second = identity({ cache: { store: "memory" } });
    expect(await tokens(first.chain([new ClientSecretCredential("t1")]).getToken("s1"))).toEqual(["foreign@t1"]);
    for (const one of [first, second]) {
      const wrong = one.chain([new ClientSecretCredential("t1", "wrong")]);
      await expect(wrong.getToken("s1")).rejects.toThrow("wrong secret");
    }
  });

  it("a credential object of another library gets no token of a plain object with which it shares its function", async () => {
    await using identity = setUp().identity();
    const names = new WeakMap<object, string>();
    async function getToken(this: object) {
      return { token: names.get(this) as string, expiresOnTimestamp: Date.UTC(2026, 0, 2) };
    }
    const [first, second] = [{ getToken }, { getToken }];
    names.set(first, "first").set(second, "second");
    const answers = [identity.chain([first]).getToken("s1"), identity.chain([second]).getToken("s1")];
    expect(await tokens(...answers)).toEqual(["first", "second"]);
  });

  it.each([
    ["the config", { tenantId: "t1" }, {}],
    ["AZURE_TENANT_ID", {}, { AZURE_TENANT_ID: "t1" }],
  ])(
    "a credential object of another library is asked for the tenant that a call names, when it is that of %s",
    async (_, more, variables) => {
      const { env, identity } = setUp();
      Object.assign(env, variables);
      await using one = identity(more);
      const foreign = one.chain([new ClientSecretCredential("t2")]);
      const answers = [foreign.getToken("s1"), foreign.getToken("s1", { tenantId: "t1" })];
      expect(await tokens(...answers)).toEqual(["foreign@t2", "foreign@t1"]);
    },
  );
});

describe("a tenant that rotates", () => {
  it("each call gets the tenant at its start, for equal calls of one credential", async () => {
    const { env, hold, identity } = setUp();
    await using one = identity();
    await one.ready();
    const app = one.credential("app", rotating);
    const release = hold();
    const before = app.getToken("s1");
    await turn();
    env.T = "t2";
    const after = app.getToken("s1");
    await turn();
    release();
    expect(await tokens(before, after)).toEqual(["app@t1", "app@t2"]);
  });

  it("each call gets the tenant at its start, for calls that wait for the election of a chain", async () => {
    const { env, hold, identity } = setUp();
    await using one = identity();
    await one.ready();
    const chain = one.chain([{ source: "app", options: rotating }]);
    const release = hold();
    const before = chain.getToken(["s1"], {});
    await turn();
    env.T = "t2";
    const after = chain.getToken(["s1"], {});
    await turn();
    release();
    expect(await tokens(before, after)).toEqual(["app@t1", "app@t2"]);
  });

  it("a refresh uses the new tenant", async () => {
    const { clock, env, identity } = setUp();
    await using one = identity();
    const app = one.credential("app", rotating);
    expect(await tokens(app.getToken("s1"))).toEqual(["app@t1"]);
    env.T = "t2";
    await clock.advance(3_400_000);
    expect(await tokens(app.getToken("s1"))).toEqual(["app@t2"]);
  });

  it("a new tenant is requested although the previous tenant throttles", async () => {
    const { env, fail, identity } = setUp();
    await using one = identity();
    const app = one.credential("app", rotating);
    fail(outcomeError("throttled", "Too many requests.", { retryAfterMs: 60_000 }));
    await expect(app.getToken("s1")).rejects.toMatchObject({ outcome: "throttled" });
    fail(undefined);
    await expect(app.getToken("s1")).rejects.toMatchObject({ outcome: "throttled" });
    env.T = "t2";
    expect(await tokens(app.getToken("s1"))).toEqual(["app@t2"]);
  });
});

describe("an object that its caller changes after a call", () => {
  it("options count as they were at the call, in a loop over one object", async () => {
    await using identity = setUp().identity();
    const given = { clientId: "", extra: { name: "" } };
    const made = ["a", "b"].map((name) => {
      Object.assign(given, { clientId: name });
      given.extra.name = name.toUpperCase();
      return [identity.credential("app", given), identity.chain([{ source: "app", options: given }])];
    });
    given.extra.name = "later";
    const answers = made.flat().map((one) => one.getToken("s1"));
    expect(await tokens(...answers)).toEqual(["a@A@none", "a@A@none", "b@B@none", "b@B@none"]);
  });

  it("a config counts as it was at the call, for two identities with one config", async () => {
    const { clock, config, env } = setUp();
    const entry = { source: "app" as const, options: { clientId: "c1" } };
    const given = { ...config, tenantId: "t1", sources: { app: { extra: { name: "n1" } } }, chain: [entry] };
    await using first = createIdentity(given, { clock, env });
    given.tenantId = "t2";
    given.sources.app.extra.name = "n2";
    entry.options.clientId = "c2";
    await using second = createIdentity(given, { clock, env });
    expect(await tokens(first.getToken("s1"), second.getToken("s1"))).toEqual(["c1@n1@t1", "c2@n2@t2"]);
  });

  it("options count as they were at the call, when a source passes them to another source", async () => {
    await using identity = setUp().identity();
    expect(await tokens(identity.credential("pair").getToken("s1"))).toEqual(["first@none+second@none"]);
  });

  it("proof-of-possession options count as they were at the call", async () => {
    await using identity = setUp().identity();
    const pop = { nonce: "n1", resourceRequestMethod: "GET", resourceRequestUrl: "https://a.test/" };
    const first = identity.credential("app").getToken("s1", { proofOfPossessionOptions: pop });
    pop.nonce = "n2";
    const second = identity.credential("app").getToken("s1", { proofOfPossessionOptions: pop });
    expect(await tokens(first, second)).toEqual(["app@none:n1", "app@none:n2"]);
  });
});

describe.each([
  ["a credential", (identity: Identity) => identity.credential("cli")],
  ["a chain", (identity: Identity) => identity.chain(["cli", "app"])],
])("after a tool has changed its account, a call through %s", (_, of) => {
  it.each([
    ["that is the first of its credential", false, false],
    ["that follows another", true, false],
    ["that is the first of its credential, while the account is unknown,", false, true],
    ["that follows another, while the account is unknown,", true, true],
  ])("%s is not answered with the account before", async (__, follows, isUnreadable) => {
    const { hold, identity, tool } = setUp();
    await using one = identity();
    await one.ready();
    const credential = of(one);
    if (follows) await credential.getToken("s2");
    const release = hold();
    tool.isUnreadable = isUnreadable;
    const before = credential.getToken("s1");
    await turn();
    tool.account = "bob";
    const after = credential.getToken("s1");
    await turn();
    release();
    expect(await tokens(before, after)).toEqual(["ann", "bob"]);
  });
});
