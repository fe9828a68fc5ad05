import { createIdentity, definePlugin, defineSource, type IdentityOptions } from "@azidentity/core";
import { createFakeClock } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import cachePersist from "../src/index.ts";
import { generateKey } from "../src/seal/keys.ts";
import { tempFolder } from "./temp-folder.ts";

const scope = "https://vault.azure.net/.default";
const hour = 3_600_000;
const key = generateKey();

/** An unsigned JWT. */
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
const principalOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** A developer tool whose account can change; counts its runs. */
function createTool(name = "tool") {
  const tool = { account: "ann", runs: 0 };
  const source = defineSource({
    name,
    kind: "developer",
    priority: 100,
    tenantPolicy: "any",
    subject: () => "the signed-in account",
    accountState: () => tool.account,
    create: (_, { clock }) => ({
      async getToken() {
        const token = jwt({ tid: "t", oid: tool.account, run: ++tool.runs });
        return { token, expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" };
      },
    }),
  });
  return { tool, plugin: definePlugin({ name: `plugin-${name}`, sources: [source] }) };
}

/** A service principal of the environment. */
const principalPlugin = definePlugin({
  name: "principal",
  sources: [
    defineSource({
      name: "principal",
      kind: "deployed",
      priority: 100,
      tenantPolicy: "fixed",
      subject: () => "app",
      create: (_, { clock }) => ({
        getToken: async () => {
          const token = jwt({ tid: "t", oid: "app" });
          return { token, expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" };
        },
      }),
    }),
  ],
});

/** Runs a program that gets one token; returns the claims of that token. */
async function runProgram(
  options: IdentityOptions,
  clock = createFakeClock(Date.now()),
): Promise<{ oid: string; run?: number }> {
  await using identity = createIdentity({ config: false, ...options }, { env: {}, clock });
  return principalOf((await identity.getToken(scope)).token);
}

describe("a command-line tool that one developer uses a hundred times an hour", () => {
  it("a tool runs once per account, and no account gets the token of another", async () => {
    const { tool, plugin } = createTool();
    const options = { plugins: [plugin, cachePersist], cache: { store: "file", directory: tempFolder(), key } };
    for (let n = 0; n < 50; n++) expect((await runProgram(options)).oid).toBe("ann");
    expect(tool.runs).toBe(1);
    tool.account = "bob";
    for (let n = 0; n < 50; n++) expect((await runProgram(options)).oid).toBe("bob");
    expect(tool.runs).toBe(2);
    tool.account = "ann";
    expect(await runProgram(options)).toMatchObject({ oid: "ann", run: 1 });
  });

  it("a tool runs again when its token has expired", async () => {
    const { tool, plugin } = createTool();
    const options = { plugins: [plugin, cachePersist], cache: { store: "file", directory: tempFolder(), key } };
    const clock = createFakeClock(Date.now());
    await runProgram(options, clock);
    await clock.advance(hour);
    await runProgram(options, clock);
    expect(tool.runs).toBe(2);
  });
});

it("a config that gains a service principal does not serve the stored token of the developer", async () => {
  const { plugin } = createTool();
  const cache = { store: "file", directory: tempFolder(), key };
  expect((await runProgram({ plugins: [plugin, cachePersist], cache })).oid).toBe("ann");
  const both = [plugin, principalPlugin, cachePersist];
  expect((await runProgram({ plugins: both, cache })).oid).toBe("app");
  expect((await runProgram({ plugins: both, cache })).oid).toBe("app");
});

it("a stored token that a new `expect` excludes is not served, and the store is not reported as failed", async () => {
  const { tool, plugin } = createTool();
  const options = { plugins: [plugin, cachePersist], cache: { store: "file", directory: tempFolder(), key } };
  await runProgram(options);
  await expect(runProgram({ ...options, expect: { objectId: "bob" } })).rejects.toMatchObject({
    code: "unexpected-principal",
  });
  expect(await runProgram({ ...options, expect: { objectId: "ann" } })).toMatchObject({ oid: "ann", run: 1 });
  expect(tool.runs).toBe(2);
});

it("two tools of one user with different cache names share no tokens", async () => {
  const { tool, plugin } = createTool();
  const directory = tempFolder();
  const options = (name: string) => ({
    plugins: [plugin, cachePersist],
    cache: { store: "file", directory, key, name },
  });
  await runProgram(options("one"));
  await runProgram(options("two"));
  expect(tool.runs).toBe(2);
  await runProgram(options("one"));
  await runProgram(options("two"));
  expect(tool.runs).toBe(2);
});

it("a claims challenge replaces the stored token, and plain and CAE tokens are kept apart", async () => {
  const { tool, plugin } = createTool();
  const options = { plugins: [plugin, cachePersist], cache: { store: "file", directory: tempFolder(), key } };
  await runProgram(options);
  await using identity = createIdentity({ config: false, ...options }, { env: {}, clock: createFakeClock(Date.now()) });
  await identity.getToken(scope, { enableCae: true });
  await identity.getToken(scope, { claims: "{}" });
  expect(tool.runs).toBe(3);
  expect((await runProgram(options)).run).toBe(3);
});

describe("a store that cannot be used", () => {
  it("a store that cannot be used costs no token, and explain has the reason", async () => {
    const { tool, plugin } = createTool();
    const options = { config: false, plugins: [plugin, cachePersist], cache: { store: "file", key } } as const;
    await using identity = createIdentity(options, { env: {}, clock: createFakeClock(Date.now()) });
    expect(principalOf((await identity.getToken(scope)).token).oid).toBe("ann");
    expect((await identity.explain(scope)).storeFailure).toContain("HOME");
    expect(tool.runs).toBe(2);
  });

  it("unencrypted storage is refused in production", async () => {
    const cache = { store: "file", directory: tempFolder(), unsafeAllowUnencryptedStorage: true };
    const options = { config: false, mode: "production", plugins: [principalPlugin, cachePersist], cache } as const;
    await using identity = createIdentity(options, { env: {} });
    await expect(identity.getToken(scope)).rejects.toMatchObject({ code: "unsafe-option" });
  });
});
