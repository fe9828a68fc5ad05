import { createFakeCommands, testCredentialSource } from "@azidentity/core/testing";
import { describe, it } from "vitest";
import plugin from "./token-command.ts";

const answer = JSON.stringify({ accessToken: "canary-token", expiresOn: "2099-01-31T12:00:00Z" });

describe("token-command", () => {
  testCredentialSource(
    { it },
    {
      source: plugin.sources[0],
      options: { command: ["contoso-login", "token", "--scope", "{scope}"] },
      working: () => ({ commands: createFakeCommands({ "contoso-login": () => ({ stdout: answer }) }) }),
      secrets: ["canary-token"],
    },
  );
});
