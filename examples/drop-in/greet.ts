/** A program for `@azure/identity`, as its README shows it. Nothing here knows azidentity. */
import { DefaultAzureCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const vaultUrl = process.env.VAULT_URL ?? "https://my-vault.vault.azure.net";
const credential = new DefaultAzureCredential();
const client = new SecretClient(vaultUrl, credential, {
  disableChallengeResourceVerification: vaultUrl.startsWith("https://localhost"), // a vault on this machine
});

await client.setSecret("greeting", "Hello from Key Vault!");
console.log((await client.getSecret("greeting")).value);
