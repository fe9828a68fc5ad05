import { join } from "node:path";
import { defineConfig } from "@azidentity/core";

/** The same source twice: with a tool that is not installed, then with a script in its place. */
export default defineConfig({
  plugins: ["./token-command.ts"],
  chain: [
    { source: "token-command", options: { command: ["contoso-login", "token", "--scope", "{scope}"] } },
    {
      source: "token-command",
      options: { command: ["node", join(import.meta.dirname, "print-token.mjs"), "{scope}"] },
    },
  ],
});
