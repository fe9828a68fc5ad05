/**
 * Reads a secret of Key Vault before and after the application's session is revoked, with Entra ID
 * and Key Vault on this machine.
 */
import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { SecretClient, type SecretClientOptions } from "@azure/keyvault-secrets";
import { requestTable, walkTable } from "./print.ts";

const say = console.log;

interface Vault {
  readonly url: string;
  readonly clientOptions: SecretClientOptions;
  /** Makes the vault refuse all tokens that the application has. */
  revokeSession(): void;
  /** Prints the requests since the last report. */
  report(): void;
}

/**
 * The subject of this example: a client of the Azure SDK and an identity handle the revocation
 * without any code here.
 */
async function readTwice(vault: Vault): Promise<void> {
  const identity = createIdentity();
  try {
    const client = new SecretClient(vault.url, identity, vault.clientOptions);
    await client.setSecret("greeting", "Hello from azidentity!");
    say(`Stored the secret "greeting" and read it: ${(await client.getSecret("greeting")).value}`);
    vault.report();

    const walk = identity.explain.last;
    if (walk === undefined) throw new Error("The client did not request a token.");
    const { clientId, objectId, tenantId } = walk.principal ?? {};
    say(`\nSources that were tried, in order:\n\n${walkTable(walk)}\n`);
    say(`Ran as\n  application  ${clientId}\n  object       ${objectId}\n  tenant       ${tenantId}`);

    // The same request as the client's, so that it returns the client's token from memory.
    const currentToken = async () =>
      (await identity.getToken("https://vault.azure.net/.default", { enableCae: true, tenantId })).token;
    const before = await currentToken();
    vault.revokeSession();
    say(`\nRevoked the session, and read the secret again: ${(await client.getSecret("greeting")).value}`);
    const after = await currentToken();
    vault.report();
    say(`The token is ${after === before ? "still the same" : "a new one"}.`);
  } finally {
    await identity.close();
  }
}

/**
 * Sets the environment of a process that is deployed with the emulator's application, without
 * variables of this machine.
 */
function deployHere({ authorityHost, tenantId, application, caCertificate }: Emulator): void {
  for (const name of Object.keys(process.env)) {
    if (/^(AZURE|AZIDENTITY)_(?!LOG_LEVEL$)/.test(name)) delete process.env[name];
  }
  Object.assign(process.env, {
    AZURE_AUTHORITY_HOST: authorityHost,
    VAULT_TENANT_ID: tenantId,
    VAULT_CLIENT_ID: application.clientId,
    VAULT_CLIENT_SECRET: application.clientSecret,
    NO_PROXY: "localhost,127.0.0.1",
  });
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), caCertificate]);
}

const emulator = await startEmulator();
try {
  say(`Entra ID is at ${emulator.authorityHost}, Key Vault at ${emulator.vaultUrl}.\n`);
  deployHere(emulator);
  await readTwice({
    url: emulator.vaultUrl,
    // The client accepts only vaults below vault.azure.net; this one is on localhost.
    clientOptions: { disableChallengeResourceVerification: true },
    revokeSession: () => emulator.revokeSession(),
    report() {
      say(`\n${requestTable(emulator.requests)}\n\nRequests for a token: ${emulator.requests.to("/token").length}`);
      emulator.requests.clear();
    },
  });
} finally {
  await emulator.close();
}
say(`
To run this against Azure, leave azidentity.config.ts unchanged, and
  - set VAULT_TENANT_ID, VAULT_CLIENT_ID and VAULT_CLIENT_SECRET to those of an application that has the role
    "Key Vault Secrets Officer", and do not set AZURE_AUTHORITY_HOST;
  - pass the client the URL of the vault, https://<vault>.vault.azure.net, and no options.`);
