import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type * as Core from "../src/index.ts";
import type * as PluginApi from "../src/plugin.ts";
import type { AuthenticationErrorCode, OutcomeCode, TokenStore } from "../src/plugin.ts";
import type * as StoreApi from "../src/store.ts";
import { importInNode } from "./import-in-node.ts";
import { tempFolder } from "./temp-folder.ts";

const scope = "https://vault.azure.net/.default";
const root = join(import.meta.dirname, "..");

type Copy = typeof Core & typeof PluginApi & typeof StoreApi;

async function load(dist: string): Promise<Copy> {
  const entryPoints = await Promise.all(
    ["index.js", "plugin.js", "store.js"].map((file) => importInNode(join(dist, file))),
  );
  return Object.assign({}, ...entryPoints) as Copy;
}

/**
 * The built package once more, as an application gets it when two of its dependencies want
 * different versions.
 */
function secondFolder(): string {
  const folder = tempFolder({ "package.json": '{ "type": "module" }' });
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return join(folder, "dist");
}

/** A code that only the other copy knows, because its version is newer. */
const newerCode = "code-of-the-copy" as AuthenticationErrorCode;

/** A plugin made with one copy, whose first source fails with an error of that copy. */
function makePlugin({ definePlugin, defineSource, outcomeError }: Copy, outcome: OutcomeCode) {
  const common = { kind: "deployed", tenantPolicy: "fixed", subject: () => "app" } as const;
  const getToken = async () => ({ token: "T", expiresOnTimestamp: Date.now() + 1e7, tokenType: "Bearer" as const });
  const fail = () => {
    throw outcomeError(outcome, "It does not work here.", { code: newerCode, remedy: "Fix it." });
  };
  const failing = defineSource({ ...common, name: "failing", priority: 1, create: () => ({ getToken: fail }) });
  const working = defineSource({ ...common, name: "working", priority: 2, create: () => ({ getToken }) });
  return definePlugin({ name: "p", sources: [failing, working] });
}

describe("two copies of the core in one process", () => {
  const copies = async () => [await load(join(root, "dist")), await load(secondFolder())] as const;
  const identityOf = (copy: Copy, plugin: Core.IdentityPlugin, options: Core.IdentityOptions = {}) =>
    copy.createIdentity({ config: false, plugins: [plugin], ...options }, { env: {} });

  it("two copies of core in one process are two", async () => {
    const [ours, theirs] = await copies();
    expect(theirs.AuthenticationError).not.toBe(ours.AuthenticationError);
  });

  it("two copies of core recognise each other's errors, after which a chain goes on", async () => {
    const [ours, theirs] = await copies();
    const error = theirs.outcomeError("not-installed", "It is not here.");
    expect(error).not.toBeInstanceOf(ours.CredentialUnavailableError);
    expect(ours.isIdentityError(error)).toBe(true);
    const walk = await identityOf(ours, makePlugin(theirs, "not-installed")).explain(scope);
    expect([walk.winner, walk.attempts[0]?.outcome]).toEqual(["working", "not-installed"]);
  });

  it("a chain stops at an error of another copy of core, and keeps its code", async () => {
    const [ours, theirs] = await copies();
    const plugin = makePlugin(theirs, "rejected");
    await expect(identityOf(ours, plugin).getToken(scope)).rejects.toMatchObject({
      name: "AuthenticationError",
      outcome: "rejected",
      code: "code-of-the-copy",
      remedy: "Fix it.",
    });
  });

  it("two copies of core accept each other's identities in a chain", async () => {
    const [ours, theirs] = await copies();
    const absent = identityOf(theirs, makePlugin(theirs, "rejected"));
    const chain = identityOf(ours, makePlugin(ours, "rejected")).chain([absent, "working"]);
    await expect(chain.getToken(scope)).rejects.toMatchObject({ outcome: "rejected" });
    const present = identityOf(theirs, makePlugin(theirs, "not-installed"));
    expect((await identityOf(ours, makePlugin(ours, "rejected")).chain([present]).getToken(scope)).token).toBe("T");
  });

  it("two copies of core share service tokens", async () => {
    const [ours, theirs] = await copies();
    const kept: string[] = [];
    const set = async (key: string) => void kept.push(key);
    const store: TokenStore = { get: async () => undefined, set, delete: async () => {}, update: async () => {} };
    const services = [theirs.defineTokenStore({ name: "theirs", create: () => store })];
    const plugin = { ...makePlugin(ours, "not-installed"), services };
    await identityOf(ours, plugin as never, { cache: { store: "theirs" } }).getToken(scope);
    expect(kept).toHaveLength(1);
  });
});
