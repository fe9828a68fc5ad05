/** A config in code, with a client secret. */
import { createIdentity } from "@azidentity/core/in-code";
import clientSecret from "@azidentity/plugin-entra/client-secret";
import { report } from "./report.mjs";

const { TENANT: tenantId, CLIENT: clientId, SECRET } = process.env;

report("in code", async () => {
  const options = { tenantId, clientId, clientSecret: SECRET };
  const identity = createIdentity({ plugins: [clientSecret], chain: [{ source: "client-secret", options }] });
  await identity.getToken("https://storage.azure.com/.default").finally(() => identity.close());
  return identity.explain.last.principal.clientId;
});
