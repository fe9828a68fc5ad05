/**
 * The policy of docs/recipes/one-policy.md, in a service on App Service and on a developer's
 * machine.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";

const run = promisify(execFile);
const program = `
import { createIdentity } from "@azidentity/core";
const identity = createIdentity({ requireConfig: true });
try {
  await identity.ready();
  await identity.getToken("https://storage.azure.com/.default");
  console.log(identity.explain.last.winner);
} catch (error) {
  console.log(error.code);
}
`;

let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "azidentity-policy-"));
  const [policy = "", config = ""] = [
    ...readFileSync("docs/recipes/one-policy.md", "utf8").matchAll(/```[jt]s\n(.*?)```/gs),
  ].map(([, code = ""]) => code);
  const packageOf = (name: string) => join(folder, "node_modules", name);
  for (const scope of ["@azidentity", "@contoso/identity-policy"]) mkdirSync(packageOf(scope), { recursive: true });
  for (const name of ["core", "plugin-managed-identity", "plugin-dev-tools"])
    symlinkSync(resolve("packages", name), packageOf(`@azidentity/${name}`), "junction");
  const manifest = JSON.stringify({ type: "module", exports: "./index.js" });
  writeFileSync(join(packageOf("@contoso/identity-policy"), "package.json"), manifest);
  writeFileSync(join(packageOf("@contoso/identity-policy"), "index.js"), stripTypeScriptTypes(policy));
  writeFileSync(join(folder, "package.json"), manifest);
  writeFileSync(join(folder, "azidentity.config.js"), config);
  writeFileSync(join(folder, "main.js"), program);
  const [tenantId] = /(?<=tenantId: ")[^"]+/.exec(policy) ?? [];
  emulator = await startEmulator({ tenants: [{ tenantId, applications: [{}] }], hosts: { "app-service": {} } });
});
afterAll(async () => {
  await emulator?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the service prints. */
async function service(env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run(process.execPath, ["main.js"], {
    cwd: folder,
    env: { HOME: folder, PATH: folder, ...env },
  });
  return stdout.trim();
}

it("a service gets the token of its own managed identity", async () => {
  const { systemAssigned } = emulator.host("app-service");
  const env = { ...emulator.env("app-service"), EXPECTED_CLIENT_ID: systemAssigned?.clientId ?? "" };
  expect(await service(env)).toBe("managed-identity");
});

it("the identity of another service is refused, and so is a service that does not name its own", async () => {
  const other = { ...emulator.env("app-service"), EXPECTED_CLIENT_ID: "11111111-1111-4111-8111-111111111111" };
  expect(await service(other)).toBe("unexpected-principal");
  expect(await service(emulator.env("app-service"))).toBe("missing-reference");
});

it("the profile of developers has their tools, that of services does not", async () => {
  const env = { AZIDENTITY_CHAIN: "azure-cli", EXPECTED_CLIENT_ID: "11111111-1111-4111-8111-111111111111" };
  expect(await service({ ...env, AZIDENTITY_PROFILE: "local" })).toBe("not-installed");
  expect(await service(env)).toBe("unknown-source");
});
