import { expect, it } from "vitest";
import { checkAuthenticationRecord, checkRecordOfApplication } from "./authentication-record.ts";

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
