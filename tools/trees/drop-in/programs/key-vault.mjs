// Two clients of a key vault, each with its own credential.
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const { TENANT, APP_ID, APP_SECRET, VAULT } = process.env;
for (let count = 0; count < 2; count++) {
  const credential = new ClientSecretCredential(TENANT, APP_ID, APP_SECRET);
  const client = new SecretClient(VAULT, credential, { disableChallengeResourceVerification: true });
  await client.setSecret("greeting", "Hello");
  console.log((await client.getSecret("greeting")).value);
}
