import { createIdentity } from "@azidentity/core";
import managedIdentity from "@azidentity/plugin-managed-identity";

const identity = createIdentity({ config: false, plugins: [managedIdentity] });
await identity.credential("managed-identity").getToken("https://storage.azure.com/.default");
process.exit();
