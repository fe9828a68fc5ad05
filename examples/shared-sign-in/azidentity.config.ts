import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import users from "@azidentity/plugin-users";

/** Whoever has signed in to the same application by another Azure tool of this machine is signed in here, too, and the other way round. */
export default defineConfig({
  plugins: [users, cachePersist],
  cache: { store: "file", sharedMsalCache: true },
  sources: { "device-code": { clientId: { env: "CLIENT_ID" }, tenantId: { env: "AZURE_TENANT_ID" } } },
  chain: ["device-code"],
});
