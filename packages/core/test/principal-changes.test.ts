import { describe, expect, it } from "vitest";
import type { SourceContext } from "../src/contract/context.ts";
import type { AnySource } from "../src/contract/plugin.ts";
import { services } from "../src/contract/services.ts";
import type { IssuedToken, TokenRequest } from "../src/contract/token.ts";
import { createIdentity, type IdentityOptions } from "../src/identity.ts";
import { defineOptions, definePlugin, defineSource } from "../src/options/define-options.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../src/test-kit/memory-store.ts";

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
  const stores = [{ name: "memory", token: services.tokenStore, create: () => memory }];
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
    const provider = { token: services.tokenStore, name: "memory", create: () => memory };
    const plugins = [definePlugin({ name: "p", services: [provider] })];
    const start = () => createIdentity({ config: false, plugins, cache: { store: "memory" } }, { clock, env: {} });
    const first = start();
    expect((await first.chain([new ClientSecretCredential("a")]).getToken(scope)).token).toBe("a");
    for (const identity of [first, start()]) {
      const wrongSecret = identity.chain([new ClientSecretCredential()]).getToken(scope);
      await expect(wrongSecret).rejects.toMatchObject({ outcome: "rejected" });
      expect((await identity.chain([new ClientSecretCredential("b")]).getToken(scope)).token).toBe("b");
    }
    for await (const { key } of memory.list?.() ?? []) expect(key).toBe("nothing is stored");
  });

  it("credentials of another library with one subject share stored tokens", async () => {
    const clock = createFakeClock();
    const memory = createMemoryStore(clock);
    const provider = { token: services.tokenStore, name: "memory", create: () => memory };
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
