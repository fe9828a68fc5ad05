/** The plugin as npm installs it where the user did not install `@azure/msal-node-extensions`. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { createIdentity, type IdentityError } from "@azidentity/core";
import type { IdentityPlugin } from "@azidentity/core/plugin";
import { createFakeCommands, createTestContext } from "@azidentity/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";

const install = "npm install --ignore-scripts @azure/msal-node-extensions@5";
const sources = ["broker", "visual-studio-code"] as const;
const here = dirname(import.meta.dirname);
const loaded: string[] = [];
let folder: string;
let plugin: IdentityPlugin;
let hooks: ReturnType<typeof registerHooks>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "azidentity-broker-"));
  cpSync(join(here, "dist"), join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  mkdirSync(join(folder, "node_modules", "@azidentity"), { recursive: true });
  symlinkSync(join(here, "..", "core"), join(folder, "node_modules", "@azidentity", "core"));
  hooks = registerHooks({
    load(url, context, next) {
      loaded.push(url);
      return next(url, context);
    },
  });
  plugin = (await import(pathToFileURL(join(folder, "dist", "index.js")).href)).default;
});
afterAll(() => {
  hooks.deregister();
  rmSync(folder, { recursive: true });
});

/** An identity on a desktop whose session bus does not answer, because it is not to be called. */
function makeIdentity() {
  const commands = createFakeCommands();
  const env = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere/bus", HOME: folder, USERPROFILE: folder };
  return { commands, identity: createIdentity({ config: false, plugins: [plugin] }, { env, commands }) };
}

it.each(sources)("%s is not installed, and the remedy is the command that installs the native part", async (name) => {
  const { identity, commands } = makeIdentity();
  await using _ = identity;
  const error: IdentityError = await identity
    .credential(name)
    .getToken("https://vault.azure.net/.default")
    .then(
      () => expect.unreachable(),
      (thrown) => thrown,
    );
  expect(error).toMatchObject({ outcome: "not-installed", remedy: `Run: ${install}` });
  expect(commands.runs).toEqual([]);
  expect(loaded.filter((url) => url.includes("msal"))).toEqual([]);
});

it("a chain reports both sources as absent with that command, and starts no process", async () => {
  const { identity, commands } = makeIdentity();
  await using _ = identity;
  const { attempts } = await identity.explain("https://vault.azure.net/.default");
  expect(attempts.map(({ source, state, outcome }) => [source, state, outcome])).toEqual([
    ["visual-studio-code", "absent", "not-installed"],
    ["broker", "absent", "not-installed"],
  ]);
  for (const { reason } of attempts) expect(reason).toContain(install);
  expect(commands.runs).toEqual([]);
});

it("`authenticate` of the broker has that remedy, too", async () => {
  const { identity } = makeIdentity();
  await using _ = identity;
  await expect(identity.credential("broker").authenticate("https://vault.azure.net/.default")).rejects.toMatchObject({
    outcome: "not-installed",
    code: "broker-unavailable",
    remedy: `Run: ${install}`,
  });
});

it("the service for other sources is not available, and has that remedy", async () => {
  const [provider] = plugin.services ?? [];
  const context = createTestContext({ env: { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere/bus" } });
  expect(await provider?.create(undefined, context)).toMatchObject({ available: false, remedy: `Run: ${install}` });
});
