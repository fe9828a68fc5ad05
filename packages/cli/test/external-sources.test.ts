/** What azid offers to other programs, and the sources of plugin-external, speak the same protocols. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, type Identity, principalOf } from "@azidentity/core";
import { outcomeError } from "@azidentity/core/plugin";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import external from "@azidentity/plugin-external";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { program, runAzid } from "./run-azid.ts";
import { hourMs, key, openRelay, storage } from "./serve/open-relay.ts";

vi.setConfig({ testTimeout: 60_000 }); // each test of azid waits for processes

const opened: Identity[] = [];
afterEach(() => Promise.all(opened.splice(0).map((identity) => identity.close())));

function identityOn(env: Readonly<Record<string, string>>): Identity {
  const identity = createIdentity({ config: false, plugins: [external] }, { env });
  opened.push(identity);
  return identity;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it should have failed"),
    (error) => error,
  );

describe.each(["relay", "azd-host"] as const)("the relay of azid serve, by the source %s", (source) => {
  const variables = (port: number, own = key): Record<string, string> =>
    source === "relay"
      ? { AZIDENTITY_RELAY_URL: `http://127.0.0.1:${port}`, AZIDENTITY_RELAY_KEY: own }
      : { AZD_AUTH_ENDPOINT: `http://127.0.0.1:${port}/azd`, AZD_AUTH_KEY: own };

  it("gives its token, with its expiry, in the default chain", async () => {
    await using server = await openRelay();
    const { token, expiresOnTimestamp } = await identityOn(variables(server.port)).getToken(storage);
    expect(token).toBe("token-1");
    expect(Math.abs(expiresOnTimestamp - Date.now() - hourMs)).toBeLessThan(60_000);
    expect(server.defects).toEqual([]);
  });

  it("is sent the tenant of a call", async () => {
    await using server = await openRelay();
    await identityOn(variables(server.port)).credential(source).getToken(storage, { tenantId: "contoso.example" });
    expect(server.requests).toMatchObject([{ tenantId: "contoso.example" }]);
  });

  it("refuses a wrong key, and what its list does not have", async () => {
    await using server = await openRelay();
    const stale = identityOn(variables(server.port, "stale-key")).credential(source);
    expect(await failure(stale.getToken(storage))).toMatchObject({ code: "key-refused", outcome: "misconfigured" });
    const { credential } = identityOn(variables(server.port));
    const isRelay = source === "relay";
    expect(await failure(credential(source).getToken("https://graph.microsoft.com/.default"))).toMatchObject({
      outcome: isRelay ? "rejected" : "failed",
      message: expect.stringContaining("gives no tokens for"),
    });
    expect(await failure(credential(source).getToken(storage, { tenantId: "other.example" }))).toMatchObject({
      outcome: isRelay ? "rejected" : "failed",
      message: expect.stringContaining("other.example"),
    });
  });

  it("reports that its own source is signed out", async () => {
    const signedOut = () => Promise.reject(outcomeError("not-signed-in", "No account.", { remedy: "Run: az login" }));
    await using server = await openRelay({ getToken: signedOut });
    const error = await failure(identityOn(variables(server.port)).credential(source).getToken(storage));
    expect(error.message).toContain("az login");
    expect(error.outcome).toBe("not-signed-in");
  });
});

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

  it("reports its errors with their outcome and remedy", async () => {
    const env = { ...signedIn(), AZURE_CLIENT_SECRET: "wr0ng-secret" };
    const error = await failure(identityOn(env).credential("exec", options()).getToken(storage));
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
    const error = await failure(identityOn(env).credential("exec", options()).getToken(storage));
    expect(error).toMatchObject({ outcome: "misconfigured" });
    expect(error.message).toContain("reported nested-program");
  });
});
