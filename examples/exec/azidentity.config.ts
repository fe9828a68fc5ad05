import { join } from "node:path";
import { defineConfig } from "@azidentity/core";
import external from "@azidentity/plugin-external";

const here = import.meta.dirname;
const scope = "https://vault.azure.net/.default";

/**
 * One chain for each program. Secrets are not in the config: programs get the variables that it
 * names.
 */
export default defineConfig({
  plugins: [external],
  chains: {
    shell: [
      {
        source: "exec",
        options: { program: join(here, "token_file.sh"), args: [process.env.TOKEN_FILE ?? "", scope] },
      },
    ],
    python: [
      {
        source: "exec",
        options: {
          program: join(here, "client_secret.py"),
          passVariables: ["CONTOSO_TENANT_ID", "CONTOSO_CLIENT_ID", "CONTOSO_CLIENT_SECRET", "CONTOSO_AUTHORITY_HOST"],
        },
      },
    ],
    go: [
      {
        source: "exec",
        options: {
          program: process.env.WORKLOAD_PROGRAM ?? "workload",
          passVariables: [
            ...["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST"],
          ],
        },
      },
    ],
  },
});
