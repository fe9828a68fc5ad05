// Two clients of one cluster, as a program has them for queries and for ingestion, with one way of
// signing in.
import { KustoConnectionStringBuilder as Builder, Client } from "azure-kusto-data";

const { SERVICE, CREDENTIAL, TENANT: tenant, APP_ID, APP_SECRET, APP_CERTIFICATE, USER_NAME, PASSWORD } = process.env;
const print = ({ userCode }) => console.error(userCode);
const builders = {
  secret: () => Builder.withAadApplicationKeyAuthentication(SERVICE, APP_ID, APP_SECRET, tenant),
  certificate: () =>
    Builder.withAadApplicationCertificateAuthentication(SERVICE, APP_ID, undefined, tenant, undefined, APP_CERTIFICATE),
  "managed-identity": () => Builder.withSystemManagedIdentity(SERVICE),
  "azure-cli": () => Builder.withAzLoginIdentity(SERVICE, tenant),
  password: () => Builder.withAadUserPasswordAuthentication(SERVICE, USER_NAME, PASSWORD, tenant),
  "device-code": () => Builder.withAadDeviceAuthentication(SERVICE, tenant, print),
  browser: () => Builder.withUserPrompt(SERVICE, { tenantId: tenant, loginHint: USER_NAME }),
};

const rows = [];
for (let count = 0; count < 2; count++) {
  const { primaryResults } = await new Client(builders[CREDENTIAL]()).execute("Samples", "print Greeting='Hello'");
  for (const row of primaryResults[0].rows()) rows.push(row.Greeting);
}
console.log(JSON.stringify(rows));
