import { inspect } from "node:util";
import { expect, it } from "vitest";
import { outcomeError } from "../errors/outcome-error.ts";
import { createIdentity } from "../identity.ts";
import { definePlugin, defineSource } from "../options/define-options.ts";
import { defineTokenStore } from "../store/define-token-store.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createMemoryStore } from "../test-kit/memory-store.ts";
import { inspectIdentity } from "./inspect.ts";

const clock = createFakeClock();
const hour = 3_600_000;
const tool = (name: string, priority: number, answer: () => string) =>
  defineSource({
    name,
    kind: "developer",
    priority,
    tenantPolicy: "any",
    subject: () => name,
    create: () => ({
      getToken: async () => ({ token: answer(), expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" }),
    }),
  });
const signedOut = (name: string) => (): never => {
  throw outcomeError("not-signed-in", `${name}: no account is signed in.`, { remedy: `Run: ${name} login` });
};
const tools = definePlugin({
  name: "tools",
  sources: [tool("second", 2, () => "T"), tool("first", 1, signedOut("first")), tool("third", 3, signedOut("third"))],
});
const identityOf = (more = {}) =>
  createIdentity({ config: false, plugins: [tools], tenantId: "contoso.com", ...more }, { clock, env: {} });

it("an inspection has the plugins, the sources, the chain in order and the settings of an identity", async () => {
  await using identity = identityOf();
  const inspection = await inspectIdentity(identity);
  expect(inspection.plugins.map(({ name }) => name)).toEqual(["tools"]);
  expect(inspection.sources.map(({ name }) => name)).toEqual(["second", "first", "third"]);
  expect(inspection.chain).toEqual(["first", "second", "third"].map((name) => ({ name, kind: "developer" })));
  expect(inspection).toMatchObject({ configFile: undefined, settings: { tenantId: "contoso.com" }, store: undefined });
});

it("an inspection gets the walk, the expiry, and each attempt as soon as it has ended", async () => {
  await using identity = identityOf();
  const seen: string[] = [];
  const { explain } = await inspectIdentity(identity);
  const { walk, error, expiresOnTimestamp } = await explain("s/.default", {
    onAttempt: ({ source, outcome }) => seen.push(`${source} ${outcome}`),
  });
  expect(seen).toEqual(["first not-signed-in", "second token"]);
  expect(walk).toMatchObject({ winner: "second", attempts: [{ source: "first" }, { source: "second" }] });
  expect([error, expiresOnTimestamp]).toEqual([undefined, clock.now() + hour]);
  expect(identity.explain.last).toBeUndefined();
});

it("an inspection of a chain without a token has the error that a request would be rejected with", async () => {
  await using identity = identityOf({ chain: ["first", "third"] });
  const { explain } = await inspectIdentity(identity);
  const { error, cause, expiresOnTimestamp } = await explain("s/.default");
  expect(cause).toMatchObject({ source: "first", outcome: "not-signed-in", remedy: "Run: first login" });
  const thrown = await identity.getToken("s/.default").catch((reason) => reason);
  expect(error).toMatchObject({ code: "no-credential-available", remedy: "Run: first login" });
  expect([error?.message, expiresOnTimestamp]).toEqual([thrown.message, undefined]);
  const other = await explain("s/.default", { chain: ["second"] });
  expect(other.walk.winner).toBe("second");
  await expect(explain("")).rejects.toMatchObject({ code: "no-scope" });
  await expect(explain("s/.default", { chain: "none" })).rejects.toMatchObject({ code: "unknown-chain" });
});

it("an inspection uses the store of the config, and says why it fails", async () => {
  const full = new Error("The disk is full.");
  const open = { works: createMemoryStore, fails: () => Promise.reject(full) };
  const stores = Object.entries(open).map(([name, create]) => defineTokenStore({ name, create }));
  const plugins = [tools, definePlugin({ name: "stores", services: stores })];
  const diagnosed = async (store: string) => {
    await using identity = identityOf({ plugins, cache: { store } });
    const inspection = await inspectIdentity(identity);
    return [inspection.store?.name, await inspection.store?.diagnose()];
  };
  expect(await diagnosed("works")).toEqual(["works", undefined]);
  expect(await diagnosed("fails")).toEqual(["fails", full]);
});

it("an inspection of a derived identity has the settings of that one", async () => {
  await using identity = identityOf();
  const derived = identity.with({ tenantId: "fabrikam.com" });
  expect((await inspectIdentity(derived)).settings.tenantId).toBe("fabrikam.com");
});

it("an inspection rejects with what is wrong with the config, and for what is no identity", async () => {
  await using identity = identityOf({ chain: ["secnd"] });
  await expect(inspectIdentity(identity)).rejects.toMatchObject({ code: "unknown-source" });
  await expect(inspectIdentity({} as never)).rejects.toMatchObject({ code: "invalid-argument" });
});

it("util.inspect shows nothing of what an inspection has", async () => {
  await using identity = identityOf();
  await identity.ready();
  expect(inspect(identity, { depth: 9, showHidden: true })).not.toContain("contoso.com");
});
