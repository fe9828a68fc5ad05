import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { tempFolder } from "./temp-folder.ts";

const packages = join(import.meta.dirname, "../..");

/** A plugin with one source, under a name that core loads when a config names no plugins. */
const source = `export default { name: "@azidentity/plugin-entra", contract: 1, sources: [{
  name: "app", kind: "deployed", priority: 1, tenantPolicy: "fixed", subject: () => "app", create: (_, { clock }) => ({
    getToken: async () => ({ token: "T", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
  }) }] };`;

const program = `
import { createIdentity } from "@azidentity/core";
const identity = createIdentity();
const { token } = await identity.getToken("https://a/.default");
const { storeFailure } = await identity.explain("https://a/.default");
console.log(token, storeFailure);
await identity.close();
`;

/**
 * A project with this plugin in its node_modules, where npm also installs dependencies of others.
 */
function project(config: string): string {
  const folder = tempFolder();
  const files = {
    "package.json": "{}",
    "main.mjs": program,
    "azidentity.config.json": config,
    "node_modules/@azidentity/plugin-entra/package.json": '{ "type": "module", "exports": "./index.js" }',
    "node_modules/@azidentity/plugin-entra/index.js": source,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  for (const name of ["core", "plugin-cache-persist"])
    symlinkSync(join(packages, name), join(folder, "node_modules/@azidentity", name));
  return folder;
}

/** Runs the program of such a project; returns its output and the files in its data directory. */
async function run(config: object) {
  const folder = project(JSON.stringify(config));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const key = Buffer.alloc(32, 7).toString("base64");
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.mjs")], {
    cwd: folder,
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: data, LOCALAPPDATA: data, AZIDENTITY_CACHE_KEY: key },
  });
  return { printed: stdout.trim(), stored: readdirSync(data, { recursive: true }) };
}

describe("a project in which this plugin is installed", () => {
  it("a project without a configured store has no store, although the plugin is installed", async () => {
    expect(await run({})).toEqual({ printed: "T undefined", stored: [] });
  });

  it("a project uses the store that its config names", async () => {
    const { printed, stored } = await run({ cache: { store: "file", name: "chosen" } });
    expect(printed).toBe("T undefined");
    expect(stored.join()).toContain("chosen");
  });
});
