// Two clients of Microsoft Graph, each with its own credential.
import { ClientSecretCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const { SERVICE, TENANT, APP_ID, APP_SECRET } = process.env;
for (let count = 0; count < 2; count++) {
  const credential = new ClientSecretCredential(TENANT, APP_ID, APP_SECRET);
  const scopes = ["https://graph.microsoft.com/.default"];
  const client = Client.initWithMiddleware({
    authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes }),
    baseUrl: SERVICE,
    customHosts: new Set([new URL(SERVICE).hostname]),
  });
  console.log((await client.api("/me").get()).displayName);
}
