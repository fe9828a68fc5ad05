/** Files that stand beside a bundle: configs, and packages that a user has installed. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Emulator } from "@azidentity/emulator";

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Configs of each kind, by which the application `clientId` signs in. */
export async function writeConfigs(folder: string, emulator: Emulator, clientId: string): Promise<void> {
  const { tenantId, authorityHost } = emulator;
  const options = { tenantId, clientId, clientSecret: { env: "SECRET" } };
  const config = { authorityHost, chain: ["client-secret"], sources: { "client-secret": options } };
  await write(folder, {
    "package.json": "{}",
    "azidentity.config.yaml": `authorityHost: ${authorityHost}
chain: [client-secret]
sources:
  client-secret:
    tenantId: ${tenantId}
    clientId: ${clientId}
    clientSecret: { env: SECRET }
`,
    "config.json": JSON.stringify(config),
    "config.mjs": `export default ${JSON.stringify(config)};`,
    "config.cjs": `module.exports = ${JSON.stringify(config)};`,
    "typo.yaml": "chain: [environment]\nsources: [",
  });
}

/** Packages that are loaded by name. */
export const optional = ["redis", "@napi-rs/keyring"];

/** A text that no bundle may contain. */
export const markOfStubs = "stubOfOptionalPackage";

/** Each says that it was loaded, and does nothing. */
const stub = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "5.0.0", main: "index.js" }),
  [`node_modules/${name}/index.js`]: `(globalThis.loaded ??= []).push("${name}");
const ${markOfStubs} = () => { throw new Error("a stub"); };
module.exports = { createClient: ${markOfStubs}, AsyncEntry: class { constructor() { ${markOfStubs}(); } } };`,
});

export async function writeStubs(folder: string): Promise<void> {
  for (const name of optional) await write(folder, stub(name));
}

/** The packages that are loaded by name, and the store of the drop-in with what that needs. */
export async function installOptional(folder: string, project: string): Promise<void> {
  await writeStubs(folder);
  for (const name of ["core", "plugin-cache-persist"]) {
    const installed = join("node_modules/@azidentity", name);
    await cp(join(project, installed), join(folder, installed), { recursive: true });
  }
}
