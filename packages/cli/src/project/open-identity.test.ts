import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { type ProjectFolder, projectFolder } from "../../test/project-folder.ts";
import { createTestHost } from "../../test/test-host.ts";
import { readProject } from "./find-project.ts";
import { type IdentitySettings, identitySettingsOf, openIdentity } from "./open-identity.ts";
import { writeTrustList } from "./trust-list.ts";

const scope = "https://storage.azure.com/.default";
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.close());

let { root, put } = {} as ProjectFolder;
beforeEach(() => {
  ({ root, put } = projectFolder());
});
/** A machine whose variables sign an application in at the emulator. */
const host = () => {
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = emulator.env("service-principal");
  return createTestHost({ workingDirectory: root, home: join(root, "home"), environment, platform: "linux" });
};
/** The settings by which a config trusts the emulator; they need trust. */
const settings = () => ({ http: { caFile: emulator.env("service-principal").NODE_EXTRA_CA_CERTS } });

async function trust(file: string) {
  const { hashes } = await readProject(file);
  writeTrustList({ [file]: { hashes, trustedAt: "2026-11-30T00:00:00Z" } }, host());
}

async function open(given?: IdentitySettings) {
  const opened = await openIdentity(host(), given);
  onTestFinished(() => opened.close());
  return opened;
}

it("a trusted config is in force, and its plugins are those beside azid", async () => {
  put("node_modules/@azidentity/plugin-entra/package.json", '{ "main": "index.js" }');
  put("node_modules/@azidentity/plugin-entra/index.js", "throw new Error('the plugin of the project was loaded');");
  const config = { ...settings(), plugins: ["@azidentity/plugin-entra"], chain: ["environment"] };
  await trust(put("azidentity.config.json", JSON.stringify(config)));
  const { credential, identity, project } = await open();
  expect((await credential.getToken(scope)).token).toMatch(/^eyJ/);
  expect(identity.explain.last?.winner).toBe("environment");
  expect(project?.folder).toBe(root);
});

it("a config that is a program runs after it was trusted, and not before", async () => {
  const marker = join(root, "ran");
  const text = `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(marker)}, "");
export default ${JSON.stringify({ ...settings(), plugins: ["@azidentity/plugin-entra"], chain: ["environment"] })};`;
  const file = put("azidentity.config.mjs", text);
  await expect(open()).rejects.toMatchObject({ code: "untrusted-config", exitCode: 4 });
  const ignored = await open({ untrusted: "ignore" });
  expect([ignored.project, ignored.untrusted?.file]).toEqual([undefined, file]);
  await ignored.identity.ready();
  const { existsSync } = await import("node:fs");
  expect(existsSync(marker)).toBe(false);
  await trust(file);
  await (await open()).credential.getToken(scope);
  expect(existsSync(marker)).toBe(true);
});

it("without a config the official plugins are there, all of them", async () => {
  const { identity } = await open();
  await identity.ready();
  for (const name of ["client-secret", "interactive-browser", "managed-identity", "azure-cli", "broker"] as const)
    expect(() => identity.check(name)).not.toThrow(expect.objectContaining({ code: "unknown-source" }));
});

it("a source and a chain are chosen by name", async () => {
  const config = { ...settings(), chains: { deploy: ["environment"] }, chain: ["azure-cli"] };
  await trust(put("azidentity.config.json", JSON.stringify(config)));
  const chain = await open({ chain: "deploy" });
  expect((await chain.credential.getToken(scope)).token).toMatch(/^eyJ/);
  const source = await open({ source: "environment" });
  expect((await source.credential.getToken(scope)).token).toMatch(/^eyJ/);
  const misspelled = await open({ source: "enviroment" });
  await expect(misspelled.credential.getToken(scope)).rejects.toMatchObject({ code: "unknown-source" });
});

it("a tenant that can be none is a wrong command line", () => {
  for (const tenant of ["two words", "https://contoso.com", "\u001b[2J"])
    expect(() => identitySettingsOf({ options: { tenant } })).toThrow(expect.objectContaining({ code: "usage" }));
});

it("--source and --chain exclude each other", () => {
  expect(() => identitySettingsOf({ options: { source: "a", chain: "b" } })).toThrow("exclude each other");
  expect(identitySettingsOf({ options: { config: false, tenant: "t" } })).toMatchObject({
    config: false,
    tenantId: "t",
  });
});
