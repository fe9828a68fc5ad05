import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { claimsIn, type Query, requestHostToken } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { HostOptions } from "./hosts.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { imds: { userAssigned: [{}, {}] } } });
});
beforeEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const whole = { "api-version": "2018-02-01", resource: "https://vault.azure.net" };
const metadata = { Metadata: "true" };
const ask = (query: Query = whole, headers: Readonly<Record<string, string>> = metadata, asked = emulator) =>
  requestHostToken(asked, "imds", query, headers);

it("IMDS returns strings in every field, and both expires_on and expires_in", async () => {
  const answer = await ask();
  expect(answer.json).toMatchObject({
    client_id: emulator.host("imds").systemAssigned?.clientId,
    expires_in: "86399",
    expires_on: String(claimsIn(answer).exp),
    refresh_token: "",
    token_type: "Bearer",
  });
});

it("a container group has variables that name no endpoint, and the metadata service issues its tokens", async () => {
  await using group = await startEmulator({ hosts: { "container-instances": {} } });
  const answer = await requestHostToken(group, "container-instances", whole, metadata);
  expect(claimsIn(answer).oid).toBe(group.host("container-instances").systemAssigned?.objectId);
  const env = group.env("container-instances");
  expect(env.IDENTITY_SERVER_THUMBPRINT).toMatch(/^[0-9A-F]{40}$/);
  expect(Object.keys(env)).toEqual(expect.arrayContaining(["IDENTITY_API_VERSION", "IDENTITY_HEADER"]));
  expect(Object.keys(env).filter((name) => /^(?:IDENTITY|MSI|IMDS)_ENDPOINT$/.test(name))).toEqual([]);
});

it.each([
  ["client_id", "clientId"],
  ["object_id", "objectId"],
  ["msi_res_id", "resourceId"],
] as const)("IMDS finds an identity by %s", async (name, kind) => {
  const expected = emulator.host("imds").userAssigned[1];
  expect(claimsIn(await ask({ ...whole, [name]: expected?.[kind] ?? "" })).oid).toBe(expected?.objectId);
});

it.each<[string, Query, Readonly<Record<string, string>>, string]>([
  ["no header", whole, {}, "invalid_request"],
  ["another value in the header", whole, { Metadata: "false" }, "bad_request_102"],
  ["a request that was forwarded", whole, { ...metadata, "X-Forwarded-For": "10.0.0.1" }, "invalid_request"],
  ["no version", { resource: "a" }, metadata, "invalid_request"],
  ["no resource", { "api-version": "2018-02-01" }, metadata, "invalid_request"],
  ["an unknown resource", { ...whole, resource: "https://no.example" }, metadata, "invalid_resource"],
  ["the parameter of App Service", { ...whole, mi_res_id: "a" }, metadata, "invalid_request"],
  ["an unknown identity", { ...whole, client_id: "an-app" }, metadata, "invalid_request"],
])("IMDS refuses %s", async (_, query, headers, error) => {
  const answer = await ask(query, headers);
  expect(answer).toMatchObject({ status: 400, json: { error, error_description: expect.any(String) } });
});

it.each<[string, HostOptions, string]>([
  ["no identity", { systemAssigned: false }, "Identity not found"],
  ["two user-assigned ones and no own", { systemAssigned: false, userAssigned: [{}, {}] }, "Multiple user assigned"],
])("IMDS refuses a request without an id when there is %s", async (_, options, text) => {
  await using other = await startEmulator({ hosts: { imds: options } });
  expect(await ask(whole, metadata, other)).toMatchObject({
    status: 400,
    json: { error: "invalid_request", error_description: expect.stringContaining(text) },
  });
});

it("IMDS without a system-assigned identity returns a token of the only user-assigned one", async () => {
  await using other = await startEmulator({ hosts: { imds: { systemAssigned: false, userAssigned: [{}] } } });
  expect(claimsIn(await ask(whole, metadata, other)).oid).toBe(other.host("imds").userAssigned[0]?.objectId);
});

it.each([
  [400, { error: "invalid_request", error_description: "Identity not found" }],
  [404, { error: "not_found" }],
  [410, { error: "gone" }],
  [429, { error: "too_many_requests" }],
  [500, { error: "unknown" }],
])("IMDS has a JSON error body for status %s", async (status, json) => {
  emulator.faults.add({ service: "imds", status });
  expect(await ask()).toMatchObject({ status, json });
});

it.each([
  [403, /unreachable network/],
  [502, /^<html>/],
  [504, /^<html>/],
])("IMDS returns status %s with the body of a gateway, which is not JSON", async (status, body) => {
  emulator.faults.add({ service: "imds", status });
  expect(await ask()).toMatchObject({ status, json: undefined, body: expect.stringMatching(body) });
});
