import { defineConfig } from "@azidentity/core";
import entra from "./fake-entra.ts";

/** Who may sign in this program, and in which order they are asked. The first who can answers. */
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
