import { expect, it } from "vitest";
import { services } from "../src/contract/services.ts";
import { createIdentity } from "../src/identity.ts";
import { definePlugin, defineSource } from "../src/options/define-plugin.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../src/test-kit/memory-store.ts";

const scope = "https://vault.azure.net/.default";

/** Processes that share a store; each has a source with a principal of its own, named by `subject` or not. */
function setUp() {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const provider = { token: services.tokenStore, name: "shared", create: () => store };
  const start = (principal: string, subject: string | undefined) => {
    let issued = 0;
    const source = defineSource({
      name: "machine",
      kind: "deployed",
      priority: 1,
      tenantPolicy: "fixed",
      subject: () => subject,
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

it("a source that names its principal shares its tokens with every process of that principal", async () => {
  const { start, keys } = setUp();
  await using one = start("one", "same");
  await using other = start("other", "same");
  expect((await one.getToken(scope)).token).toBe("one-1");
  expect((await other.getToken(scope)).token).toBe("one-1");
  expect(await keys()).toHaveLength(1);
});

it.each([
  ["only on this machine, so a store that machines share gets none of its tokens", undefined, 0],
  ["in a store of one user of this machine", "user", 1],
] as const)("the account state of a tool means something %s", async (_, scope, kept) => {
  const clock = createFakeClock();
  const memory = createMemoryStore(clock);
  const store = { ...memory, ...(scope === undefined ? { scope: undefined } : { scope }) };
  const source = defineSource({
    name: "tool",
    kind: "developer",
    priority: 1,
    tenantPolicy: "any",
    subject: () => "/home/dev/.azure",
    accountState: () => "inode.size.mtime",
    create: () => ({
      getToken: async () => ({ token: "t", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
    }),
  });
  const provider = { token: services.tokenStore, name: "mine", create: () => store };
  const plugins = [definePlugin({ name: "mine", sources: [source], services: [provider] })];
  await using identity = createIdentity({ config: false, plugins, cache: { store: "mine" } }, { env: {}, clock });
  await identity.getToken("https://vault.azure.net/.default");
  let count = 0;
  for await (const _key of store.list?.() ?? []) count++;
  expect(count).toBe(kept);
});
