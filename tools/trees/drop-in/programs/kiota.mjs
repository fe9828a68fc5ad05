// Two clients of Microsoft Graph over kiota, each with its own credential; they ask for tokens with
// continuous access evaluation.
import { ClientSecretCredential } from "@azure/identity";
import { HttpMethod, RequestInformation } from "@microsoft/kiota-abstractions";
import { AzureIdentityAuthenticationProvider } from "@microsoft/kiota-authentication-azure";
import { FetchRequestAdapter } from "@microsoft/kiota-http-fetchlibrary";

const { SERVICE, TENANT, APP_ID, APP_SECRET } = process.env;
for (let count = 0; count < 2; count++) {
  const credential = new ClientSecretCredential(TENANT, APP_ID, APP_SECRET);
  const hosts = new Set([new URL(SERVICE).hostname]);
  const scopes = ["https://graph.microsoft.com/.default"];
  const adapter = new FetchRequestAdapter(
    new AzureIdentityAuthenticationProvider(credential, scopes, undefined, hosts),
  );
  const request = new RequestInformation(HttpMethod.GET);
  request.URL = `${SERVICE}/v1.0/me`;
  const body = await adapter.sendPrimitive(request, "ArrayBuffer", undefined);
  console.log(JSON.parse(Buffer.from(body).toString()).displayName);
}
