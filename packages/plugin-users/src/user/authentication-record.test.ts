import { expect, it } from "vitest";
import { deserializeAuthenticationRecord, serializeAuthenticationRecord } from "./authentication-record.ts";

const record = {
  authority: "login.microsoftonline.com",
  homeAccountId: "11111111-1111-4111-8111-111111111111.22222222-2222-4222-8222-222222222222",
  clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  tenantId: "22222222-2222-4222-8222-222222222222",
  username: "ann@contoso.example",
};
/** As @azure/identity 4.14.1 writes it. */
const text =
  '{"authority":"login.microsoftonline.com","homeAccountId":"11111111-1111-4111-8111-111111111111.22222222-2222-4222-8222-222222222222",' +
  '"tenantId":"22222222-2222-4222-8222-222222222222","username":"ann@contoso.example","clientId":"04b07795-8ddb-461a-bbee-02f9e1bf7b46","version":"1.0"}';

it("is written as the Azure SDKs write it, and read as they do", () => {
  expect(serializeAuthenticationRecord(record)).toBe(text);
  expect(deserializeAuthenticationRecord(text)).toEqual(record);
});

it("takes one without a version, and leaves out what it does not know", () => {
  expect(deserializeAuthenticationRecord(JSON.stringify({ ...record, more: 1 }))).toEqual(record);
});

it.each([
  ["another version", JSON.stringify({ ...record, version: "2.0" })],
  ["no version that is one", JSON.stringify({ ...record, version: null })],
  ["no account", JSON.stringify({ ...record, homeAccountId: undefined })],
  ["an empty tenant", JSON.stringify({ ...record, tenantId: "" })],
  ["a number for a name", JSON.stringify({ ...record, username: 5 })],
  ["half of it", text.slice(0, 60)],
  ["a list", "[]"],
  ["nothing", ""],
  ["no text", undefined as unknown as string],
  ["a megabyte", JSON.stringify({ ...record, username: "x".repeat(1_000_000) })],
])("refuses %s, without repeating it", (_, given) => {
  const read = () => deserializeAuthenticationRecord(given);
  expect(read).toThrow(expect.objectContaining({ outcome: "misconfigured", code: "invalid-authentication-record" }));
  expect(read).not.toThrow(/contoso/);
});

it("writes nothing that it could not read", () => {
  expect(() => serializeAuthenticationRecord({ ...record, clientId: "" })).toThrow(
    expect.objectContaining({ code: "invalid-authentication-record" }),
  );
});
