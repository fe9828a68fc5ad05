import { defineConfig } from "@azidentity/core";
import broker from "@azidentity/plugin-broker";
import entra from "@azidentity/plugin-entra";

/** Whoever is signed in to the machine, without a word; the broker's own dialog when they have to do something. */
export default defineConfig({
  plugins: [entra, broker],
  chain: [
    {
      source: "interactive-browser",
      options: { brokerOptions: { enabled: true, useDefaultBrokerAccount: true } },
    },
  ],
});
