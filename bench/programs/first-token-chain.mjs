import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";

const identity = createIdentity({ config: false, plugins: [entra], disableInstanceDiscovery: true });
await identity.getToken("https://storage.azure.com/.default");
process.exit();
