import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import users from "@azidentity/plugin-users";

/**
 * Users sign in with the browser or, over SSH, with a code on another device. The sign-in is
 * stored, encrypted.
 */
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
