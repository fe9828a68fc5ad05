/** `azid token` as the program of the source `exec`. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, type Identity, principalOf } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import external from "@azidentity/plugin-external";
import { errorOf } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { program, runAzid } from "./run-azid.ts";

const storage = "https://storage.azure.com/.default";

const opened: Identity[] = [];
afterEach(() => Promise.all(opened.splice(0).map((identity) => identity.close())));

function identityOn(env: Readonly<Record<string, string>>): Identity {
  const identity = createIdentity({ config: false, plugins: [external] }, { env });
  opened.push(identity);
  return identity;
}

describe("azid token --as json, by the source exec", () => {
  let emulator: Emulator;
  let home: string;
  beforeAll(async () => {
    emulator = await startEmulator();
    home = realpathSync(mkdtempSync(join(tmpdir(), "azid-exec-")));
  });
  afterAll(async () => {
    await emulator?.close();
    if (home !== undefined) rmSync(home, { recursive: true });
  });

  const passVariables = ["AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"];
  const options = (...words: readonly string[]) => ({
    program: process.execPath,
    args: [program, "token", "--as", "json", ...words],
    passVariables,
  });
  const signedIn = () => ({ PATH: process.env.PATH ?? "", HOME: home, ...emulator.env("service-principal") });

  it("gives the token of its identity, with its principal", async () => {
    const credential = identityOn(signedIn()).credential("exec", options());
    const token = await credential.getToken(storage);
    const { clientId } = emulator.application;
    expect(principalOf(token)).toMatchObject({ tenantId: emulator.tenantId, clientId });
  });

  it("passes the correlation id of the request on to Entra", async () => {
    emulator.requests.clear();
    const correlationId = "0f3a1c1e-5f6d-4d0c-9f0e-000000000001";
    await identityOn(signedIn()).credential("exec", options()).getToken(storage, { correlationId });
    const [asked] = emulator.requests.to("/oauth2/v2.0/token");
    expect(asked?.headers["client-request-id"]).toBe(correlationId);
  });

  it("reports its errors with their outcome and remedy", async () => {
    const env = { ...signedIn(), AZURE_CLIENT_SECRET: "wr0ng-secret" };
    const error = await errorOf(identityOn(env).credential("exec", options()).getToken(storage));
    expect(error).toMatchObject({ outcome: "rejected", message: expect.stringContaining("invalid-client-secret") });
    expect(error.message).not.toContain("wr0ng-secret");
  });

  it("ends at once where its config leads back to it", async () => {
    const file = join(home, "azidentity.config.json");
    const config = { sources: { exec: options() }, chain: ["exec"] };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    const env = { ...signedIn(), AZIDENTITY_CONFIG: file };
    const trusted = await runAzid(["trust", "--yes", "--config", file], { env, cwd: home });
    expect(trusted, trusted.stderr).toMatchObject({ code: 0 });
    const error = await errorOf(identityOn(env).credential("exec", options()).getToken(storage));
    expect(error).toMatchObject({ outcome: "misconfigured" });
    expect(error.message).toContain("reported nested-program");
  });
});
