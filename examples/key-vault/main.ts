/** Reads a secret of Key Vault before and after the application's session is revoked, with Entra ID and Key Vault on this machine. */
import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { SecretClient, type SecretClientOptions } from "@azure/keyvault-secrets";
import { requestTable, walkTable } from "./print.ts";

const say = console.log;

interface Vault {
  readonly url: string;
  readonly clientOptions: SecretClientOptions;
  /** From here on the vault refuses all tokens that the application has. */
  revokeSession(): void;
  /** Prints the requests since the last report. */
  report(): void;
}

/** What this example is about: between them, a client of the Azure SDK and an identity answer the revocation; nobody else notices. */
async function readTwice(vault: Vault): Promise<void> {
  const identity = createIdentity();
  try {
    const client = new SecretClient(vault.url, identity, vault.clientOptions);
    await client.setSecret("greeting", "Hello from azidentity!");
    say(`Stored the secret "greeting" and read it: ${(await client.getSecret("greeting")).value}`);
    vault.report();

    const walk = identity.explain.last;
    if (walk === undefined) throw new Error("The client never asked for a token.");
    const { clientId, objectId, tenantId } = walk.principal ?? {};
    say(`\nWho was asked for the token, in this order:\n\n${walkTable(walk)}\n`);
    say(`Ran as\n  application  ${clientId}\n  object       ${objectId}\n  tenant       ${tenantId}`);

    // Asks for what the client asks for, so that the answer is the client's own token, without a request.
    const currentToken = async () =>
      (await identity.getToken("https://vault.azure.net/.default", { enableCae: true, tenantId })).token;
    const before = await currentToken();
    vault.revokeSession();
    say(`\nRevoked the session, and read the secret again: ${(await client.getSecret("greeting")).value}`);
    const after = await currentToken();
    vault.report();
    say(`The token is ${after === before ? "still the same" : "another one"}.`);
  } finally {
    await identity.close();
  }
}

/** Makes this process look like one that was deployed with the emulator's application; what the machine has set is forgotten. */
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
    // The client insists on vaults below vault.azure.net; this one is on localhost.
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
To run this against Azure, leave azidentity.config.ts as it is, and
  - set VAULT_TENANT_ID, VAULT_CLIENT_ID and VAULT_CLIENT_SECRET to those of an application that has the role
    "Key Vault Secrets Officer", and do not set AZURE_AUTHORITY_HOST;
  - give the client the vault's URL, https://<vault>.vault.azure.net, and no options.`);
