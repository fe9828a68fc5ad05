import { describe, expect, it } from "vitest";
import { adviseOn, describeIdentity, readIdentity } from "./identity.ts";

const env = { AZURE_CLIENT_ID: "from-env" };

describe("the identity that is meant", () => {
  it.each([
    ["the system-assigned one when nothing is said", {}, {}, { kind: "system" }],
    ["what AZURE_CLIENT_ID names", {}, env, { kind: "clientId", id: "from-env", from: "AZURE_CLIENT_ID" }],
    ["what the options name", { clientId: "a" }, env, { kind: "clientId", id: "a", from: "options" }],
    ["an object id", { objectId: "b" }, env, { kind: "objectId", id: "b", from: "options" }],
    ["a resource id", { resourceId: "/c" }, env, { kind: "resourceId", id: "/c", from: "options" }],
    ["the system-assigned one when the client id is null", { clientId: null }, env, { kind: "system" }],
  ])("is %s", (_, options, variables, expected) => {
    expect(readIdentity(options, variables)).toEqual(expected);
  });
});

it.each([
  [{ clientId: "a", objectId: "b" }],
  [{ objectId: "b", resourceId: "c" }],
  [{ clientId: "a", objectId: "b", resourceId: "c" }],
  [{ clientId: null, objectId: "b" }],
])("refuses several ids at once: %j", (options) => {
  expect(() => readIdentity(options, {})).toThrow(
    expect.objectContaining({ outcome: "misconfigured", code: "several-ids" }),
  );
});

it.each([[{ clientId: "" }], [{ objectId: "  " }], [{ resourceId: "" }]])("refuses an empty id: %j", (options) => {
  expect(() => readIdentity(options, env)).toThrow(
    expect.objectContaining({ outcome: "misconfigured", code: "empty-id" }),
  );
});

it.each(["", "  "])(
  "refuses an AZURE_CLIENT_ID of blanks (%j) unless the options say which identity is meant",
  (blank) => {
    const blanks = { AZURE_CLIENT_ID: blank };
    expect(() => readIdentity({}, blanks)).toThrow(expect.objectContaining({ code: "empty-variable" }));
    expect(readIdentity({ clientId: null }, blanks)).toEqual({ kind: "system" });
    expect(readIdentity({ clientId: "a" }, blanks)).toMatchObject({ id: "a" });
  },
);

it("says how the variable was read, and what to do about it", () => {
  const identity = readIdentity({}, env);
  expect(describeIdentity(identity)).toContain("AZURE_CLIENT_ID");
  expect(adviseOn(identity)).toContain("clientId: null");
  expect(describeIdentity(readIdentity({ clientId: "a" }, env))).not.toContain("AZURE_CLIENT_ID");
});
