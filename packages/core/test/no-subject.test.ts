import { expect, it } from "vitest";
import { createIdentity } from "../src/identity.ts";
import { definePlugin, defineSource } from "../src/options/define-options.ts";
import { defineTokenStore } from "../src/store/define-token-store.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../src/test-kit/memory-store.ts";

const scope = "https://vault.azure.net/.default";

/**
 * Processes that share a store; each has a source with a principal of its own, named by `subject`
 * or not.
 */
function setUp() {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const provider = defineTokenStore({ name: "shared", create: () => store });
  const start = (principal: string, subject: unknown) => {
    let issued = 0;
    const source = defineSource({
      name: "machine",
      kind: "deployed",
      priority: 1,
      tenantPolicy: "fixed",
      subject: () => subject as string | undefined,
      create: () => ({
        getToken: async () => ({
          token: `${principal}-${++issued}`,
          expiresOnTimestamp: clock.now() + 3_600_000,
          tokenType: "Bearer",
        }),
      }),
    });
    const plugins = [definePlugin({ name: "mine", sources: [source], services: [provider] })];
    return createIdentity({ config: false, plugins, cache: { store: provider.name } }, { env: {}, clock });
  };
  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of store.list?.() ?? []) found.push(key);
    return found;
  };
  return { start, keys };
}

it("a source that cannot name its principal keeps its tokens in memory only", async () => {
  const { start, keys } = setUp();
  await using one = start("one", undefined);
  await using other = start("other", undefined);
  for (let call = 0; call < 2; call++) expect((await one.getToken(scope)).token).toBe("one-1");
  expect((await one.getToken(scope, { claims: "{}" })).token).toBe("one-2");
  expect((await other.getToken(scope)).token).toBe("other-1");
  expect(await keys()).toEqual([]);
});

it.each([
  ["the promise of an async function", Promise.resolve("one")],
  ["an object", {}],
  ["a number", 1],
  ["null", null],
  ["an empty text", ""],
])("a source whose subject is no name (%s) keeps its tokens in memory only", async (_, subject) => {
  const { start, keys } = setUp();
  await using one = start("one", subject);
  await using other = start("other", subject);
  expect((await one.getToken(scope)).token).toBe("one-1");
  expect((await other.getToken(scope)).token).toBe("other-1");
  expect(await keys()).toEqual([]);
});

it("a source that names its principal shares its tokens with every process of that principal", async () => {
  const { start, keys } = setUp();
  await using one = start("one", "same");
  await using other = start("other", "same");
  expect((await one.getToken(scope)).token).toBe("one-1");
  expect((await other.getToken(scope)).token).toBe("one-1");
  expect(await keys()).toHaveLength(1);
});

const stateOfFiles = "inode.size.mtime";
it.each([
  [
    "means nothing on other machines, so a store that machines share gets none of its tokens",
    undefined,
    stateOfFiles,
    0,
  ],
  ["means something in a store of one user of this machine", "user", stateOfFiles, 1],
  ["tells accounts apart only as text, so one that is a promise stores nothing", "user", Promise.resolve("a"), 0],
] as const)("the account state of a tool %s", async (_, scope, state, kept) => {
  const clock = createFakeClock();
  const memory = createMemoryStore(clock);
  const store = { ...memory, ...(scope === undefined ? { scope: undefined } : { scope }) };
  const source = defineSource({
    name: "tool",
    kind: "developer",
    priority: 1,
    tenantPolicy: "any",
    subject: () => "/home/dev/.azure",
    accountState: () => state as string,
    create: () => ({
      getToken: async () => ({ token: "t", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
    }),
  });
  const provider = defineTokenStore({ name: "mine", create: () => store });
  const plugins = [definePlugin({ name: "mine", sources: [source], services: [provider] })];
  await using identity = createIdentity({ config: false, plugins, cache: { store: "mine" } }, { env: {}, clock });
  await identity.getToken("https://vault.azure.net/.default");
  let count = 0;
  for await (const _key of store.list?.() ?? []) count++;
  expect(count).toBe(kept);
});

it("A tool whose account is unknown gets its token without the store, and the store is not reported as failed", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const warnings: string[] = [];
  const source = defineSource({
    name: "tool",
    kind: "developer",
    priority: 1,
    tenantPolicy: "any",
    subject: () => "folder",
    accountState() {
      throw new Error("The file of the tool cannot be read.");
    },
    create: () => ({
      getToken: async () => ({ token: "t", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
    }),
  });
  const provider = defineTokenStore({ name: "shared", create: () => store });
  const plugins = [definePlugin({ name: "mine", sources: [source], services: [provider] })];
  const logger = { error() {}, warn: (text: string) => void warnings.push(text), info() {}, debug() {} };
  const identity = createIdentity({ config: false, plugins, cache: { store: "shared" } }, { env: {}, clock, logger });
  expect((await identity.getToken(scope)).token).toBe("t");
  const keys: string[] = [];
  for await (const { key } of store.list?.() ?? []) keys.push(key);
  expect({ keys, warnings }).toEqual({ keys: [], warnings: [] });
});

it("a source in which no user is signed in shares no token that does not name its user", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const provider = defineTokenStore({ name: "shared", create: () => store });
  const tokenOf = async (person: string) => {
    const source = defineSource({
      name: "person",
      kind: "interactive",
      tenantPolicy: "any",
      subject: () => "app",
      create: () => ({
        account: async () => undefined,
        getToken: async () => ({ token: person, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
      }),
    });
    const plugins = [definePlugin({ name: "mine", sources: [source], services: [provider] })];
    await using identity = createIdentity({ config: false, plugins, cache: { store: "shared" } }, { env: {}, clock });
    return (await identity.credential("person").getToken(scope)).token;
  };
  expect(await tokenOf("ann")).toBe("ann");
  expect(await tokenOf("bob")).toBe("bob");
});

it("a tool that names the account of its token finds the token in the store by the state of the account", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const provider = defineTokenStore({ name: "mine", create: () => store });
  let asked = 0;
  const tokenOf = async () => {
    const source = defineSource({
      name: "tool",
      kind: "developer",
      tenantPolicy: "any",
      subject: () => "folder",
      accountState: () => stateOfFiles,
      create: () => ({
        getToken: async () => {
          const expiresOnTimestamp = clock.now() + 3_600_000;
          return { token: `t-${++asked}`, account: "ann", expiresOnTimestamp, tokenType: "Bearer" };
        },
      }),
    });
    const plugins = [definePlugin({ name: "mine", sources: [source], services: [provider] })];
    await using identity = createIdentity({ config: false, plugins, cache: { store: "mine" } }, { env: {}, clock });
    return (await identity.credential("tool").getToken(scope)).token;
  };
  expect([await tokenOf(), await tokenOf()]).toEqual(["t-1", "t-1"]);
});
