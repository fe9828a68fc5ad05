// Credentials for two organizations of Azure DevOps, as the catalog and the scaffolder of one
// backend ask for them.
import { ConfigReader } from "@backstage/config";
import { DefaultAzureDevOpsCredentialsProvider, ScmIntegrations } from "@backstage/integration";

const { SERVICE, CREDENTIAL, TENANT: tenantId, APP_ID: clientId, APP_SECRET, APP_CERTIFICATE } = process.env;
const credentials = {
  secret: { clientId, tenantId, clientSecret: APP_SECRET },
  certificate: { clientId, tenantId, clientCertificatePath: APP_CERTIFICATE },
  "managed-identity": { clientId: "system-assigned" },
  assertion: { clientId, tenantId, managedIdentityClientId: "system-assigned" },
};
const own = credentials[CREDENTIAL];
const azure = [{ host: "dev.azure.com", ...(own && { credentials: [{ organizations: ["contoso"], ...own }] }) }];
for (let count = 0; count < 2; count++) {
  const integrations = ScmIntegrations.fromConfig(new ConfigReader({ integrations: { azure } }));
  const provider = DefaultAzureDevOpsCredentialsProvider.fromIntegrations(integrations);
  const { headers, type } = await provider.getCredentials({ url: "https://dev.azure.com/contoso" });
  const { status } = await fetch(`${SERVICE}/contoso/_apis/projects`, { headers });
  console.log(type, status);
}
