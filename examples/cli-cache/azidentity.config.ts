import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";

/**
 * Developers sign in with `az`; a pipeline has a service principal in its environment. Tokens
 * outlive the process.
 */
export default defineConfig({
  plugins: [entra, devTools, cachePersist],
  cache: { store: "file", name: "whoami" },
});
