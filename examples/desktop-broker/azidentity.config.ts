import { defineConfig } from "@azidentity/core";
import broker from "@azidentity/plugin-broker";
import users from "@azidentity/plugin-users";

/**
 * Signs in as the user of the operating system, with the broker's dialog only if Entra ID requires
 * a prompt.
 */
export default defineConfig({
  plugins: [users, broker],
  chain: [
    {
      source: "interactive-browser",
      options: { brokerOptions: { enabled: true, useDefaultBrokerAccount: true } },
    },
  ],
});
