import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import users from "@azidentity/plugin-users";

/** Users who sign in stay signed in: what renews their tokens lies sealed in a file. */
export default defineConfig({
  plugins: [users, cachePersist],
  cache: { store: "file", name: "greeter", directory: { env: "GREETER_FOLDER" } },
  sources: { "device-code": { clientId: { env: "GREETER_CLIENT_ID" } } },
});
