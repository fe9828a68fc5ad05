import { defineConfig } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";

/**
 * An application with a secret. The secret is in no file: the config refers to the variable that
 * has it.
 */
export default defineConfig({
  plugins: [entra],
  chain: [
    {
      source: "client-secret",
      options: {
        tenantId: { env: "VAULT_TENANT_ID" },
        clientId: { env: "VAULT_CLIENT_ID" },
        clientSecret: { env: "VAULT_CLIENT_SECRET" },
      },
    },
  ],
});
