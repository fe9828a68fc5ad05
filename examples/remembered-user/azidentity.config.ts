import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import entra from "@azidentity/plugin-entra";

/** Users who sign in stay signed in: what renews their tokens lies sealed in a file. */
export default defineConfig({
  plugins: [entra, cachePersist],
  cache: { store: "file", name: "greeter", directory: { env: "GREETER_FOLDER" } },
  sources: { "device-code": { clientId: { env: "GREETER_CLIENT_ID" } } },
});
