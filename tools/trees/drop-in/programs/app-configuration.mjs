// Reads settings with a reference to a secret: first as the vault's credential signs in, then as
// Entra rejects it.
import { load } from "@azure/app-configuration-provider";
import { DefaultAzureCredential, EnvironmentCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const { SERVICE, VAULT } = process.env;
const clientOptions = { disableChallengeResourceVerification: true };
const options = (credential) => ({
  keyVaultOptions: { credential, clientOptions },
  clientOptions: { audience: "https://azconfig.io" },
  replicaDiscoveryEnabled: false,
  startupOptions: { timeoutInMs: 3_000 },
});
await new SecretClient(VAULT, new DefaultAzureCredential(), clientOptions).setSecret("greeting", "Hello");
const settings = await load(SERVICE, new DefaultAzureCredential(), options(new DefaultAzureCredential()));
console.log(settings.get("greeting"), settings.get("secret"));

const credential = new DefaultAzureCredential();
process.env.AZURE_CLIENT_SECRET = "wrong";
const warnings = [];
console.warn = (message) => warnings.push(message.replace(/(reference)\..*/s, "$1"));
await load(SERVICE, credential, options(new EnvironmentCredential())).catch(() => undefined);
console.log(warnings[0]); // says what failed, if the provider knows the error by its class
process.exit();
