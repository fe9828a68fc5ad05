import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import users from "@azidentity/plugin-users";

/** A person signs in by the browser or, over SSH, by a code on another device; from then on the sign-in is kept, sealed. */
export default defineConfig({
  plugins: [users, cachePersist],
  cache: { store: "file", name: "greet" },
  chain: [
    {
      source: "interactive-browser",
      options: {
        clientId: { env: "GREET_CLIENT_ID" },
        fallback: "device-code",
        browserCustomizationOptions: { successMessage: "You can close this window and go back to the terminal." },
      },
    },
  ],
});
