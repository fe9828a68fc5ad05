/** Files of a project that tests with Jest, compiles with TypeScript, or has an older Node.js. */

/** A test in plain Jest: CommonJS, and no option is set. */
const jestTest = `const { join } = require("node:path");
const { AuthenticationError, createIdentity, isIdentityError } = require("@azidentity/core");
const { default: entra } = require("@azidentity/plugin-entra");
const { default: users } = require("@azidentity/plugin-users");
const scope = "https://storage.azure.com/.default";
const tokenOf = (identity) => identity.getToken(scope).finally(() => identity.close());

test("a token", async () => {
  const identity = createIdentity({ config: false, plugins: [entra, users] });
  await tokenOf(identity);
  expect(identity.explain.last.principal.clientId).toBe(process.env.AZURE_CLIENT_ID);
});

test.each(["azidentity.config.cjs", "azidentity.config.yaml"])("a token by %s", async (name) => {
  const identity = createIdentity({ configFile: join(__dirname, name) });
  await tokenOf(identity);
  expect(identity.explain.last.principal.clientId).toBe(process.env.AZURE_CLIENT_ID);
});

test("a config that is an ES module needs the modules of node:vm", async () => {
  const identity = createIdentity({ configFile: join(__dirname, "azidentity.config.mts") });
  const reached = await tokenOf(identity).then(() => "a token", ({ remedy }) => remedy);
  const withModules = /--experimental-vm-modules/.test(process.env.NODE_OPTIONS);
  expect(reached).toMatch(withModules ? /^a token$/ : /^Start Jest with NODE_OPTIONS=--experimental-vm-modules/);
});

test("variables that a test sets count, and errors are errors", async () => {
  process.env.AZURE_CLIENT_SECRET = "wrong";
  const error = await tokenOf(createIdentity({ config: false, plugins: [entra] })).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toBeInstanceOf(Error);
  expect(isIdentityError(error) && error.outcome).toBe("rejected");
});
`;

const configs = {
  "azidentity.config.mts": `import { defineConfig } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
export default defineConfig({ plugins: [entra], chain: ["environment"] });
`,
  "azidentity.config.cjs": `const { defineConfig } = require("@azidentity/core");
module.exports = defineConfig({ plugins: ["@azidentity/plugin-entra"], chain: ["environment"] });
`,
  "azidentity.config.yaml": "plugins: ['@azidentity/plugin-entra']\nchain: [environment]\n",
};

/** A project whose global setup, as docs/runners.md has it, starts the emulator. */
export const jestWithEmulator: Readonly<Record<string, string>> = {
  "jest-emulator/package.json": "{}",
  "jest-emulator/jest.config.json": '{ "globalSetup": "./setup.mjs", "globalTeardown": "./teardown.mjs" }',
  "jest-emulator/setup.mjs": `import tls from "node:tls";
import { startEmulator } from "@azidentity/emulator";

export default async function () {
  const emulator = await startEmulator();
  Object.assign(process.env, emulator.env("service-principal"));
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), emulator.caCertificate]);
  globalThis.closeEmulator = () => emulator.close();
}
`,
  "jest-emulator/teardown.mjs": "export default () => globalThis.closeEmulator();",
  "jest-emulator/token.test.js": `const { createIdentity } = require("@azidentity/core");
const { default: entra } = require("@azidentity/plugin-entra");
test("a token", async () => {
  const identity = createIdentity({ config: false, plugins: [entra] });
  await identity.getToken("https://storage.azure.com/.default").finally(() => identity.close());
  expect(identity.explain.last.principal.clientId).toBe(process.env.AZURE_CLIENT_ID);
});
`,
};

export const jestProject: Readonly<Record<string, string>> = {
  "jest/package.json": "{}",
  "jest/token.test.js": jestTest,
  ...Object.fromEntries(Object.entries(configs).map(([name, text]) => [`jest/${name}`, text])),
};

/**
 * Prints, for each module kind and config file, who the token is of, or the remedy of the error.
 */
export const oldNodeProgram = `const commonJs = require("@azidentity/core");
const { default: entra } = require("@azidentity/plugin-entra");
const { join } = require("node:path");
const principalOf = async (core, options) => {
  const identity = core.createIdentity(options);
  const token = identity.getToken("https://storage.azure.com/.default").finally(() => identity.close());
  return token.then(() => identity.explain.last.principal.clientId, ({ remedy, message }) => remedy ?? message);
};
(async () => {
  const esm = await import("@azidentity/core");
  const inCode = { config: false, plugins: [entra], http: { caFile: process.env.NODE_EXTRA_CA_CERTS } };
  const found = { required: await principalOf(commonJs, inCode), imported: await principalOf(esm, inCode) };
  for (const ending of ["mts", "cjs", "yaml"])
    found[ending] = await principalOf(commonJs, { configFile: join(__dirname, "jest/azidentity.config." + ending) });
  console.log(JSON.stringify(found));
})();
`;

export const typeScriptProject = `import { AuthenticationError, createIdentity, defineConfig, isIdentityError } from "@azidentity/core";
import { type PluginErrorCodes, services } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import entra from "@azidentity/plugin-entra";
import clientSecret from "@azidentity/plugin-entra/client-secret";
import users from "@azidentity/plugin-users";
import managedIdentity from "@azidentity/plugin-managed-identity";
import cachePersist from "@azidentity/plugin-cache-persist";
declare module "@azidentity/core/plugin" {
  interface PluginErrorCodes {
    "vault-sealed": true;
  }
}
export const own = [entra, users, managedIdentity, cachePersist] as const;
export const config = defineConfig({ plugins: own, chain: ["client-secret", "managed-identity"] });
export const identity = createIdentity(config);
export const credential = identity.credential("client-secret", { tenantId: "t", clientId: "c", clientSecret: "s" });
export const provider = identity.provider("https://vault.azure.net/.default");
export class OwnError extends AuthenticationError {}
export function statusOf(error: unknown): number | undefined {
  if (isIdentityError(error) && error.code === "vault-sealed") return 423;
  return error instanceof AuthenticationError ? error.statusCode : undefined;
}
export const code: keyof PluginErrorCodes = "vault-sealed";
export { clientSecret, createFakeClock, services };
// @ts-expect-error: a typo in a name
identity.credential("client-secrt");
`;
