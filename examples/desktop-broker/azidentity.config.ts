import { defineConfig } from "@azidentity/core";
import broker from "@azidentity/plugin-broker";
import users from "@azidentity/plugin-users";

/** Whoever is signed in to the machine, without a word; the broker's own dialog when they have to do something. */
export default defineConfig({
  plugins: [users, broker],
  chain: [
    {
      source: "interactive-browser",
      options: { brokerOptions: { enabled: true, useDefaultBrokerAccount: true } },
    },
  ],
});
