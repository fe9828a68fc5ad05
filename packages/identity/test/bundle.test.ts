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
import { ClientSecretCredential, EnvironmentCredential, getBearerTokenProvider, useIdentityPlugin } from "./src/index.ts";
const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_AUTHORITY_HOST } = process.env;
const options = { authorityHost: AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true };
const scope = "https://storage.azure.com/.default";
if (process.argv[2] === "in-a-removed-folder") rmdirSync(process.cwd());
async function run() {
  const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, options);
  console.log((await credential.getToken(scope)).token.split(".").length);
  delete process.env.AZURE_CLIENT_SECRET;
  console.log(await new EnvironmentCredential().getToken(scope).catch(({ message }) => message));
  const additionallyAllowedTenants = 5;
  for (const wrong of [
    async () => useIdentityPlugin(undefined),
    async () => new ClientSecretCredential("t", "c", "s", { additionallyAllowedTenants }),
    getBearerTokenProvider({}, scope),
  ]) console.log(await wrong().catch(({ message }) => message));
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
});
afterAll(() => rmSync(folder, { recursive: true }));

async function outputOf(args: readonly string[] = [], more: NodeJS.ProcessEnv = {}) {
  const cwd = mkdtempSync(join(folder, "cwd-"));
  const env = { ...process.env, ...emulator().env(), ...more };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [bundle, ...args], { cwd, env });
  return { lines: stdout.trim().split("\n"), stderr };
}

it("a minified CommonJS bundle signs in, and its errors name the classes", async () => {
  const { lines } = await outputOf();
  const [parts, message, ...ofWrongArguments] = lines;
  expect(parts).toBe("3");
  expect(message).toMatch(/^EnvironmentCredential: EnvironmentCredential is unavailable/);
  expect(ofWrongArguments).toEqual([
    expect.stringMatching(/^plugin is not a function\./),
    expect.stringMatching(/^The option additionallyAllowedTenants is not a list\./),
    expect.stringMatching(/^credential\.getToken is not a function\./),
  ]);
});

it.skipIf(process.platform === "win32")("a program whose working directory was removed signs in", async () => {
  expect((await outputOf(["in-a-removed-folder"])).lines[0]).toBe("3");
});

it("a CommonJS bundle follows AZURE_LOG_LEVEL", async () => {
  const { stderr } = await outputOf([], { AZURE_LOG_LEVEL: "info" });
  expect(stderr).toContain("azure:identity:info ClientSecretCredential => getToken() => SUCCESS.");
  expect((await outputOf([], { AZURE_LOG_LEVEL: "" })).stderr).not.toContain("azure:identity:info");
});
