import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";

const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = process.env;
const identity = createIdentity({ config: false, plugins: [entra], disableInstanceDiscovery: true });
await identity
  .credential("client-secret", { tenantId, clientId, clientSecret })
  .getToken("https://storage.azure.com/.default");
process.exit();
