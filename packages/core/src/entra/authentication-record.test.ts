import { expect, it } from "vitest";
import { checkAuthenticationRecord, checkRecordOfApplication, checkTokenTenant } from "./authentication-record.ts";

const record = {
  authority: "login.microsoftonline.com",
  homeAccountId: "o.t",
  clientId: "App",
  tenantId: "t",
  username: "ann",
};

it("an authentication record keeps its five fields and no others", () => {
  expect(checkAuthenticationRecord({ ...record, version: "1.0", extra: 1 })).toEqual(record);
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["text", "record"],
  ["a list", []],
  ["an unknown version", { ...record, version: "2.0" }],
  ["a missing field", { ...record, username: undefined }],
  ["an empty field", { ...record, homeAccountId: "" }],
  ["a field that is not text", { ...record, tenantId: 1 }],
])("%s is not an authentication record", (_, value) => {
  expect(() => checkAuthenticationRecord(value)).toThrow(
    expect.objectContaining({ outcome: "misconfigured", code: "invalid-authentication-record" }),
  );
});

it("an authentication record of another application is refused", () => {
  expect(checkRecordOfApplication("broker", "app", record)).toEqual(record);
  expect(() => checkRecordOfApplication("broker", "other", record)).toThrow(
    expect.objectContaining({ code: "foreign-authentication-record", message: expect.stringContaining("broker: ") }),
  );
});

const tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";

it.each([tenant, tenant.toUpperCase(), "common", "contoso.com"])(
  "a token of a tenant fits a request for %s",
  (requested) => {
    expect(() => checkTokenTenant("broker", requested, tenant)).not.toThrow();
  },
);

it("a token of another tenant than the requested one is refused", () => {
  expect(() => checkTokenTenant("broker", tenant, "11111111-1111-4111-8111-111111111111")).toThrow(
    expect.objectContaining({ outcome: "rejected", code: "another-tenant" }),
  );
});
