/**
 * `azid serve` with a source that prompts: the user signs in when it starts, and no client causes
 * it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "@azidentity/emulator";
import { claimsOf } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { ask, managedIdentity } from "./serve/relay-client.ts";
import { startServe } from "./serve/start-serve.ts";

/** The Azure CLI's, which sources of users have without another one. */
const developerClient = { clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", publicClient: true, secrets: [] };
const storage = "https://storage.azure.com/.default";

it("a chain that would prompt is a warning, which names the command that signs in", async () => {
  await using emulator = await startEmulator({ tenants: [{ applications: [{}, developerClient] }] });
  const home = mkdtempSync(join(tmpdir(), "azid-"));
  try {
    const config = { chains: { people: ["device-code"] } };
    writeFileSync(join(home, "azidentity.config.json"), JSON.stringify(config));
    const env = { ...emulator.env(), NODE_EXTRA_CA_CERTS: emulator.caCertificateFile, HOME: home };
    await using serving = await startServe(["--chain", "people", "--allow", storage], env);
    expect(serving.output()).toMatch(/^warning: .*\n(?:.*\n)* {2}To sign in .*: azid serve --source device-code\n/m);
    expect(serving.output()).not.toContain("authenticate()");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

it("a user signs in by device code when azid serve starts, and its clients get the user's tokens", async () => {
  const ann = { username: "ann@contoso.example", password: "Ann-s3cret" };
  await using emulator = await startEmulator({ tenants: [{ applications: [{}, developerClient], users: [ann] }] });
  const home = mkdtempSync(join(tmpdir(), "azid-"));
  try {
    const env = { ...emulator.env(), NODE_EXTRA_CA_CERTS: emulator.caCertificateFile, HOME: home };
    const shown: Promise<unknown>[] = [];
    await using serving = await startServe(["--source", "device-code", "--allow", storage], env, (text) => {
      const [code] = /\b[A-Z0-9]{8,9}\b/.exec(text) ?? [];
      if (code !== undefined && shown.length === 0) shown.push(emulator.signInAtDevice(code, {}));
    });
    expect(serving.started.identity).toMatchObject({ name: "ann@contoso.example", source: "device-code" });
    const { json } = await ask(serving.started.port, managedIdentity(serving.variables.IDENTITY_HEADER ?? ""));
    expect(claimsOf(json.access_token)).toMatchObject({ upn: "ann@contoso.example" });
    await Promise.all(shown);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
