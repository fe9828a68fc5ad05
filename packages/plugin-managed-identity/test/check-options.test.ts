import { createIdentity } from "@azidentity/core";
import { expect, it } from "vitest";
import managedIdentity from "../src/index.ts";

const identityWith = (env: Record<string, string> = {}) =>
  createIdentity({ config: false, plugins: [managedIdentity] }, { env });

it.each([
  [{ clientId: "a", objectId: "b" }],
  [{ objectId: "b", resourceId: "c" }],
  [{ clientId: "a", objectId: "b", resourceId: "c" }],
  [{ clientId: null, objectId: "b" }],
])("several ids of a managed identity are refused before and at a request: %j", async (options) => {
  const identity = identityWith();
  const refusal = expect.objectContaining({ code: "conflicting-options", outcome: "misconfigured" });
  expect(() => identity.check("managed-identity", options)).toThrow(refusal);
  await expect(identity.credential("managed-identity", options).getToken("s")).rejects.toEqual(refusal);
  expect(() => identity.check("managed-identity", options)).toThrow(refusal);
});

it.each([[{ clientId: "" }], [{ objectId: "  " }], [{ resourceId: "" }]])(
  "an empty id of a managed identity is refused: %j",
  async (options) => {
    const identity = identityWith({ AZURE_CLIENT_ID: "from-env" });
    const refusal = expect.objectContaining({ code: "invalid-option" });
    expect(() => identity.check("managed-identity", options)).toThrow(refusal);
    await expect(identity.credential("managed-identity", options).getToken("s")).rejects.toEqual(refusal);
  },
);

it.each([[{}], [{ clientId: "a" }], [{ clientId: null }], [{ clientId: undefined, objectId: "b" }]])(
  "one id or none of a managed identity passes the check: %j",
  (options) => {
    expect(() => identityWith().check("managed-identity", options)).not.toThrow();
  },
);
