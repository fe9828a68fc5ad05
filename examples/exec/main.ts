/** Gets tokens of programs in sh, Python and Go, with Entra ID and a cluster on this machine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, isIdentityError } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";

const say = console.log;
const scope = "https://vault.azure.net/.default";

/** The subject of this example: tokens of programs, and what they report when there is none. */
async function getTokens(chain: string): Promise<void> {
  const identity = createIdentity();
  try {
    const { expiresOnTimestamp } = await identity.chain(chain).getToken(scope);
    const minutes = Math.round((expiresOnTimestamp - Date.now()) / 60_000);
    say(`${chain}: a token for ${minutes} minutes`);
    await identity.chain(chain).getToken("https://unknown.example/.default");
  } catch (error) {
    if (!isIdentityError(error)) throw error;
    say(`${chain}: ${error.outcome}. ${error.message}`);
  } finally {
    await identity.close();
  }
}

/**
 * Sets the environment of a process in a pod that has an application's secret, and a token in a
 * file.
 */
async function deployHere(emulator: Emulator, folder: string): Promise<void> {
  const { authorityHost, tenantId, application, caCertificateFile } = emulator;
  const TOKEN_FILE = join(folder, "token");
  const token = await emulator.issueUserToken();
  writeFileSync(TOKEN_FILE, `${token}\n${Math.floor(Date.now() / 1000) + 3_000}\n`, { mode: 0o600 });
  for (const name of Object.keys(process.env)) {
    if (/^(AZURE|AZIDENTITY|IDENTITY|MSI)_(?!LOG_LEVEL$)/.test(name)) delete process.env[name];
  }
  Object.assign(process.env, emulator.env("workload-identity"), {
    TOKEN_FILE,
    CONTOSO_AUTHORITY_HOST: authorityHost,
    CONTOSO_TENANT_ID: tenantId,
    CONTOSO_CLIENT_ID: application.clientId,
    CONTOSO_CLIENT_SECRET: application.clientSecret,
    SSL_CERT_FILE: caCertificateFile, // what Python and Go trust
    NO_PROXY: "localhost,127.0.0.1",
  });
}

const folder = mkdtempSync(join(tmpdir(), "azidentity-example-"));
const emulator = await startEmulator({ hosts: { "workload-identity": {} } });
try {
  await deployHere(emulator, folder);
  await getTokens("shell");
  await getTokens("python");
  if (process.env.WORKLOAD_PROGRAM !== undefined) await getTokens("go");
  else say("go: skipped. Run: go build workload.go - and set WORKLOAD_PROGRAM to the path of what it builds");
} finally {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
}
