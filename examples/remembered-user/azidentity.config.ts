import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import users from "@azidentity/plugin-users";

/** Users stay signed in: their refresh tokens are stored in encrypted files. */
export default defineConfig({
  plugins: [users, cachePersist],
  cache: { store: "file", name: "greeter", directory: { env: "GREETER_FOLDER" } },
  sources: { "device-code": { clientId: { env: "GREETER_CLIENT_ID" } } },
});
