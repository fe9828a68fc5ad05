import { defineConfig } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";

/**
 * An application of any tenant that trusts the managed identity of the host. There is no secret.
 */
export default defineConfig({
  plugins: [entra, managedIdentity],
  chain: [
    {
      source: "federated",
      options: {
        tenantId: { env: "APPLICATION_TENANT_ID" },
        clientId: { env: "APPLICATION_CLIENT_ID" },
        assertion: "managed-identity",
      },
    },
  ],
});
