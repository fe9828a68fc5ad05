/**
 * The drop-in in a project of its own, as npm installs it: without the package that keeps tokens.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const packages = join(import.meta.dirname, "../..");
const plugins = ["plugin-broker", "plugin-dev-tools", "plugin-entra", "plugin-managed-identity", "plugin-users"];

/** A project with copies of the built packages, and links to what they need of others. */
function project(installed: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "drop-in-installed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const modules = join(folder, "node_modules");
  for (const name of ["core", "identity", ...plugins, ...installed])
    for (const part of ["dist", "package.json"])
      cpSync(join(packages, name, part), join(modules, "@azidentity", name, part), { recursive: true });
  mkdirSync(join(modules, "@azure"));
  symlinkSync(join(packages, "plugin-users/node_modules/@azure/msal-node"), join(modules, "@azure/msal-node"));
  return folder;
}

/**
 * Makes a credential that asks for a persistent cache, and prints how its call for a token ended.
 */
const program = `
const options = {
  tokenCachePersistenceOptions: { enabled: true },
  authorityHost: "https://127.0.0.1:1",
  disableInstanceDiscovery: true,
  retryOptions: { maxRetries: 0 },
};
const attempt = async () => new ClientSecretCredential("contoso.com", "app", "secret", options).getToken("https://a/.default");
const ended = async () => attempt().then(() => "a token", (error) => error.message);
(async () => {
  const without = await ended();
  let reads = 0;
  const cache = { beforeCacheAccess: async () => { reads++; }, afterCacheAccess: async () => {} };
  useIdentityPlugin(({ cachePluginControl }) => cachePluginControl.setPersistence(async () => cache));
  const withPlugin = await ended();
  console.log(JSON.stringify({ without, withPlugin, isRead: reads > 0 }));
})();
`;
/** Prints the error of a call, with the config file of the project. */
const byConfig = `
const options = { authorityHost: "https://127.0.0.1:1", disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
new ClientSecretCredential("contoso.com", "app", "secret", options)
  .getToken("https://a/.default")
  .catch(({ name, code, message }) => console.log(JSON.stringify({ name, code, message })));
`;

const forms = {
  "main.mjs": `import { ClientSecretCredential, useIdentityPlugin } from "@azidentity/identity";${program}`,
  "main.cjs": `const { ClientSecretCredential, useIdentityPlugin } = require("@azidentity/identity");${program}`,
  "byConfig.mjs": `import { ClientSecretCredential } from "@azidentity/identity";${byConfig}`,
  "byConfig.cjs": `const { ClientSecretCredential } = require("@azidentity/identity");${byConfig}`,
};

async function run(installed: readonly string[], name: keyof typeof forms, config?: object) {
  const folder = project(installed);
  writeFileSync(join(folder, name), forms[name]);
  writeFileSync(join(folder, "package.json"), "{}");
  if (config) writeFileSync(join(folder, "azidentity.config.json"), JSON.stringify(config));
  const { stdout } = await promisify(execFile)(process.execPath, [name], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, AZIDENTITY_CACHE_KEY: Buffer.alloc(32, 7).toString("base64") },
  });
  return JSON.parse(stdout);
}

it.each(["main.mjs", "main.cjs"] as const)(
  "%s: a persistent cache needs a package or a plugin, and the error says both",
  async (name) => {
    const { without, withPlugin, isRead } = await run([], name);
    expect(without).toMatch("Persistent token caching was requested, but no persistence provider was configured");
    expect(without).toMatch("npm install @azidentity/plugin-cache-persist");
    expect(without).toMatch("useIdentityPlugin");
    expect(withPlugin).toMatch("127.0.0.1");
    expect(isRead).toBe(true);
  },
);

const named = { plugins: ["@azidentity/plugin-cache-persist"], cache: { store: "file" } };

it.each(["byConfig.mjs", "byConfig.cjs"] as const)(
  "%s: a config with a store names the plugin that has it, and each error says what is missing",
  async (name) => {
    expect(await run([], name, { cache: { store: "file" } })).toMatchObject({
      name: "ConfigurationError",
      code: "unknown-store",
      message: expect.stringMatching(/Install .*@azidentity\/plugin-cache-persist, and add it to `plugins`/),
    });
    expect(await run([], name, named)).toMatchObject({
      code: "unknown-plugin",
      message: expect.stringMatching("npm install @azidentity/plugin-cache-persist"),
    });
    expect((await run(["plugin-cache-persist"], name, named)).message).toMatch("127.0.0.1");
  },
);

it.each(["main.mjs", "main.cjs"] as const)("%s: a persistent cache works with the package alone", async (name) => {
  const { without, withPlugin } = await run(["plugin-cache-persist"], name);
  expect(without).toMatch("127.0.0.1");
  expect(withPlugin).toMatch("127.0.0.1");
});
