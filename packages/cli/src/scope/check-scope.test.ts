import { expect, it } from "vitest";
import { checkScope } from "./check-scope.ts";

it.each([
  "https://storage.azure.com/.default",
  "https://storage.azure.com",
  "https://storage.azure.com/",
  "https://vault.azure.net/user_impersonation",
  "https://graph.microsoft.com/User.Read",
  "https://management.core.windows.net//.default",
  "api://7d1ac2c6-0000-4000-8000-000000000000/read",
  "api://contoso/app/.default",
  "https://account.documents.azure.com/.default",
  "7d1ac2c6-0000-4000-8000-000000000000",
  "openid",
  "offline_access",
  "User.Read",
])("%s is a scope", (scope) => {
  expect(checkScope(scope)).toBe(scope);
});

it.each([
  ["https://me.blob.core.windows.net/container/blob?sig=s3cret", "--scope https://storage.azure.com/.default"],
  ["https://me.blob.core.windows.net", "--scope https://storage.azure.com/.default"],
  ["https://team.vault.azure.net/secrets/name", "--scope https://vault.azure.net/.default"],
  ["https://me.azurecr.io/v2/", "--scope https://containerregistry.azure.net/.default"],
  ["https://api.contoso.com/v1/orders", "--scope https://api.contoso.com/.default"],
  ["https://api.contoso.com?x=1", "--scope https://api.contoso.com/.default"],
  ["storage", "--scope https://storage.azure.com/.default"],
  ["Graph", "--scope https://graph.microsoft.com/.default"],
  ["keyvalt", "Did you mean --scope https://vault.azure.net/.default?"],
  ["two words", "A scope is, for example"],
  ["", "A scope is, for example"],
  ["\u001b[2J", "A scope is, for example"],
  ["$(id)'", "A scope is, for example"],
])("%j is no scope, and the error says what to type", (scope, remedy) => {
  expect(() => checkScope(scope)).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining(remedy), exitCode: 2 }),
  );
});

it("an error shows no control characters and no long text", () => {
  const error = (() => {
    try {
      return checkScope(`\u001b[2J${"x".repeat(5_000)}`);
    } catch (thrown) {
      return (thrown as Error).message;
    }
  })();
  expect(error).not.toContain("\u001b");
  expect(error.length).toBeLessThan(200);
});
