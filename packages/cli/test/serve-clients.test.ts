/**
 * Programs with nothing but the relay's variables: the Azure SDK for JavaScript, and
 * plugin-external.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import external from "@azidentity/plugin-external";
import { claimsOf, errorOf } from "@azidentity/test-support";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Serving, startServe } from "./serve/start-serve.ts";

const storage = "https://storage.azure.com/.default";
const vault = "https://vault.azure.net/.default";

let emulator: Emulator;
let home: string;
let serving: Serving;
beforeAll(async () => {
  emulator = await startEmulator();
  home = mkdtempSync(join(tmpdir(), "azid-"));
  const runtime = join(home, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const socket = process.platform === "win32" ? [] : ["--socket", join(runtime, "relay.sock")];
  serving = await startServe(["--source", "environment", "--allow", storage, ...socket], {
    ...emulator.env(),
    NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
  });
});
afterAll(async () => {
  await serving?.[Symbol.asyncDispose]();
  await emulator?.close();
  rmSync(home, { recursive: true, force: true });
});

/** Variables of the relay alone whose names begin like this. */
const variables = (prefix: string) =>
  Object.fromEntries(Object.entries(serving.variables).filter(([name]) => name.startsWith(prefix)));

describe("the Azure SDK for JavaScript with nothing but two variables", () => {
  async function run(name: string, ...scopes: string[]) {
    const client = join(import.meta.dirname, "serve/azure-sdk-client.mjs");
    const { PATH, SystemRoot } = process.env;
    const env = { PATH, SystemRoot, ...variables("IDENTITY_") };
    const { stdout } = await promisify(execFile)(process.execPath, [client, name, ...scopes], { env });
    return JSON.parse(stdout) as { token?: string; error?: string; expiresOnTimestamp?: number }[];
  }

  it("its ManagedIdentityCredential gets tokens of the relay, and shows why it gets none", async () => {
    const [allowed, refused] = await run("ManagedIdentityCredential", storage, vault);
    expect(claimsOf(allowed?.token ?? "")).toMatchObject({ oid: emulator.application.objectId });
    const expiresOn = Number(claimsOf(allowed?.token ?? "").exp) * 1000;
    expect(Math.abs(Number(allowed?.expiresOnTimestamp) - expiresOn)).toBeLessThan(60_000); // `expires_in` counts from the answer
    expect(refused?.error).toContain(`The relay gives no tokens for "${vault}".`);
    expect(refused?.error).toContain("--allow");
  });

  it("its DefaultAzureCredential finds the relay by itself", async () => {
    const [allowed] = await run("DefaultAzureCredential", storage);
    expect(claimsOf(allowed?.token ?? "")).toMatchObject({ oid: emulator.application.objectId });
  });
});

describe("plugin-external with nothing but its variables", () => {
  const identityWith = (env: Readonly<Record<string, string>>) =>
    createIdentity({ config: false, plugins: [external] }, { env });

  it.each([
    ["relay", "AZIDENTITY_"],
    ["azd-host", "AZD_"],
  ] as const)("the source %s gets tokens of the relay, and shows why it gets none", async (source, prefix) => {
    await using identity = identityWith(variables(prefix));
    const { token } = await identity.credential(source).getToken(storage);
    expect(claimsOf(token)).toMatchObject({ oid: emulator.application.objectId });
    const tenantId = emulator.tenantId;
    expect((await identity.credential(source).getToken(storage, { tenantId })).token).toBe(token);
    const refused = await errorOf(identity.credential(source).getToken(vault));
    expect(refused.message).toContain("The relay gives no tokens for");
    expect(refused.message).toContain("--allow");
    const foreign = await errorOf(identity.credential(source).getToken(storage, { tenantId: "other.example" }));
    expect(foreign.message).toContain("The relay gives no tokens of the tenant");
    expect(foreign.message).toContain("--allow-tenant");
  });

  it.skipIf(process.platform === "win32")("the source relay gets tokens over the socket", async () => {
    const url = `unix:${join(home, "run", "relay.sock")}`;
    await using identity = identityWith({ ...variables("AZIDENTITY_"), AZIDENTITY_RELAY_URL: url });
    const { token } = await identity.credential("relay").getToken(storage);
    expect(claimsOf(token)).toMatchObject({ oid: emulator.application.objectId });
  });

  it("with a stale key it is refused, and says what to set", async () => {
    const stale = { ...variables("AZIDENTITY_"), AZIDENTITY_RELAY_KEY: "x".repeat(43) };
    await using identity = identityWith(stale);
    const error = await errorOf(identity.credential("relay").getToken(storage));
    expect(error).toMatchObject({ outcome: "misconfigured", remedy: expect.stringContaining("azid serve") });
  });
});
