import { expect, it } from "vitest";
import { describeIdentity, identityRemedy, readManagedIdentityId } from "./managed-identity-id.ts";

const env = { AZURE_CLIENT_ID: "from-env" };

it.each([
  ["the system-assigned one without options and variables", {}, {}, { kind: "system" }],
  ["what AZURE_CLIENT_ID names", {}, env, { kind: "clientId", id: "from-env", from: "AZURE_CLIENT_ID" }],
  ["what the options name", { clientId: "a" }, env, { kind: "clientId", id: "a", from: "options" }],
  ["an object id", { objectId: "b" }, env, { kind: "objectId", id: "b", from: "options" }],
  ["a resource id", { resourceId: "/c" }, env, { kind: "resourceId", id: "/c", from: "options" }],
  ["the system-assigned one when the client id is null", { clientId: null }, env, { kind: "system" }],
])("the managed identity is %s", (_, options, variables, expected) => {
  expect(readManagedIdentityId(options, variables)).toEqual(expected);
});

it.each(["", "  "])("a blank AZURE_CLIENT_ID (%j) is refused unless the options name the identity", (blank) => {
  const blanks = { AZURE_CLIENT_ID: blank };
  expect(() => readManagedIdentityId({}, blanks)).toThrow(expect.objectContaining({ code: "empty-variable" }));
  expect(readManagedIdentityId({ clientId: null }, blanks)).toEqual({ kind: "system" });
  expect(readManagedIdentityId({ clientId: "a" }, blanks)).toMatchObject({ id: "a" });
});

it("description and remedy name AZURE_CLIENT_ID when it names the identity", () => {
  const identity = readManagedIdentityId({}, env);
  expect(describeIdentity(identity)).toContain("AZURE_CLIENT_ID");
  expect(identityRemedy(identity)).toContain("clientId: null");
  expect(describeIdentity(readManagedIdentityId({ clientId: "a" }, env))).not.toContain("AZURE_CLIENT_ID");
});
