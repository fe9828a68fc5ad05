import { expect, it } from "vitest";
import { tokenRequest } from "../test/source-context.ts";
import { checkApplicationRequest } from "./application.ts";

const check = (given: Parameters<typeof tokenRequest>[0]) =>
  checkApplicationRequest("client-secret", tokenRequest(given));

it.each(["https://vault.azure.net/.default", "https://vault.azure.net//.default", "api://orders/.default"])(
  "an application may request %s",
  (scope) => {
    expect(() => check({ scopes: [scope] })).not.toThrow();
  },
);

it.each([
  [["https://vault.azure.net/user_impersonation"]],
  [["User.Read"]],
  [["openid"]],
  [["https://graph.microsoft.com/.default", "https://vault.azure.net/.default"]],
  [["https://graph.microsoft.com/.default", "offline_access"]],
] as [[string, ...string[]]][])("an application may not request the scopes %j", (scopes) => {
  expect(() => check({ scopes })).toThrow(expect.objectContaining({ outcome: "misconfigured", code: "invalid-scope" }));
});
