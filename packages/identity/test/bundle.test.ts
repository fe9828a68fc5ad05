import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withEmulator } from "./emulator.ts";

const emulator = withEmulator();
const folder = mkdtempSync(join(tmpdir(), "azidentity-bundle-"));
const bundle = join(folder, "program.cjs");

const program = `
import { rmdirSync } from "node:fs";
import { ClientSecretCredential, EnvironmentCredential } from "./src/index.ts";
const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_AUTHORITY_HOST } = process.env;
const options = { authorityHost: AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true };
const scope = "https://storage.azure.com/.default";
if (process.argv[2] === "in-a-removed-folder") rmdirSync(process.cwd());
async function run() {
  const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, options);
  console.log((await credential.getToken(scope)).token.split(".").length);
  delete process.env.AZURE_CLIENT_SECRET;
  console.log(await new EnvironmentCredential().getToken(scope).catch(({ message }) => message));
}
run();
`;

beforeAll(async () => {
  await build({
    stdin: { contents: program, resolveDir: join(import.meta.dirname, ".."), loader: "ts" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    outfile: bundle,
    logLevel: "error",
  });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(...args: string[]): Promise<string[]> {
  const cwd = mkdtempSync(join(folder, "cwd-"));
  const env = { ...process.env, ...emulator().env() };
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, ...args], { cwd, env });
  return stdout.trim().split("\n");
}

it("a minified CommonJS bundle signs in, and its errors name the classes", async () => {
  const [parts, message] = await linesOf();
  expect(parts).toBe("3");
  expect(message).toMatch(/^EnvironmentCredential: EnvironmentCredential is unavailable/);
});

it.skipIf(process.platform === "win32")("a program whose working directory was removed signs in", async () => {
  expect((await linesOf("in-a-removed-folder"))[0]).toBe("3");
});
