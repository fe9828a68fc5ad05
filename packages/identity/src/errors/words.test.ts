import * as core from "@azidentity/core";
import { expect, it } from "vitest";
import { messageOf } from "./words.ts";

const call = (of: string) => ({ className: of, of, scopes: "https://vault.azure.net/.default", options: undefined });

it("A host's refusal without an OAuth error leaves no empty word in the message", () => {
  const errorResponse = { error: "", errorDescription: "No identity.", errorCodes: [] };
  const refused = new core.AuthenticationError("managed-identity (app-service): Assign it.", "rejected");
  expect(messageOf(Object.assign(refused, { errorResponse }), call("ManagedIdentityCredential"))).toBe(
    "ManagedIdentityCredential (app-service): Authentication failed. Assign it.",
  );
});

it("A message about PowerShell ends with the command to type", () => {
  const absent = new core.CredentialUnavailableError("azure-powershell: Run: Connect-AzAccount", "not-signed-in");
  expect(messageOf(absent, call("AzurePowerShellCredential"))).toMatch(
    /^Azure.* See https:\S+ Run: Connect-AzAccount$/,
  );
});
