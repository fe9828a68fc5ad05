import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import users from "@azidentity/plugin-users";

/**
 * Users who signed in to the same application with another Azure tool on this machine are signed in
 * here, too, and vice versa.
 */
export default defineConfig({
  plugins: [users, cachePersist],
  cache: { store: "file", sharedMsalCache: true },
  sources: { "device-code": { clientId: { env: "CLIENT_ID" }, tenantId: { env: "AZURE_TENANT_ID" } } },
  chain: ["device-code"],
});
