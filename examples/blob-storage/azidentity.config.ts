import { defineConfig } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";

/** The sources that may sign this program in, in order. The first one that can is used. */
export default defineConfig({
  plugins: [entra, "./team-agent.ts"],
  chain: [
    "environment",
    "team-agent",
    {
      source: "client-secret",
      options: {
        tenantId: { env: "STORAGE_TENANT_ID" },
        clientId: { env: "STORAGE_CLIENT_ID" },
        clientSecret: { env: "STORAGE_CLIENT_SECRET" },
      },
    },
  ],
});
