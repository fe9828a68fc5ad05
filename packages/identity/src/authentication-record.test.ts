import * as peer from "@azure/identity";
import { expect, it } from "vitest";
import { deserializeAuthenticationRecord, serializeAuthenticationRecord } from "./authentication-record.ts";

const record = {
  authority: "login.microsoftonline.com",
  homeAccountId: "oid.tid",
  clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  tenantId: "tid",
  username: "ann@contoso.example",
};

it("writes what the peer reads, and reads what the peer writes", () => {
  expect(peer.deserializeAuthenticationRecord(serializeAuthenticationRecord(record))).toEqual(record);
  expect(deserializeAuthenticationRecord(peer.serializeAuthenticationRecord(record))).toEqual(record);
});

it("refuses another version, and what is no JSON", () => {
  const text = JSON.stringify({ ...record, version: "2.0" });
  expect(() => deserializeAuthenticationRecord(text)).toThrow("Unsupported AuthenticationRecord version");
  expect(() => deserializeAuthenticationRecord("{")).toThrow(SyntaxError);
});
