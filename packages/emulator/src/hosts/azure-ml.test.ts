import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { claimsIn, type Query, requestHostToken } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
let secret: string;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "azure-ml": { userAssigned: [{}] } } });
  secret = emulator.env("azure-ml").MSI_SECRET ?? "";
});
beforeEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const whole = { "api-version": "2017-09-01", resource: "https://vault.azure.net" };
const ask = (query: Query = whole, headers: Readonly<Record<string, string>> = { secret }) =>
  requestHostToken(emulator, "azure-ml", query, headers);

it("Azure ML returns a token of the system-assigned identity or of the one in clientid", async () => {
  const { systemAssigned, userAssigned } = emulator.host("azure-ml");
  expect(claimsIn(await ask()).oid).toBe(systemAssigned?.objectId);
  const named = await ask({ ...whole, clientid: userAssigned[0]?.clientId ?? "" });
  expect(claimsIn(named).oid).toBe(userAssigned[0]?.objectId);
});

it("Azure ML sets DEFAULT_IDENTITY_CLIENT_ID to the first identity, if it has one", async () => {
  expect(emulator.env("azure-ml").DEFAULT_IDENTITY_CLIENT_ID).toBe(emulator.host("azure-ml").systemAssigned?.clientId);
  await using bare = await startEmulator({ hosts: { "azure-ml": { systemAssigned: false } } });
  expect(Object.keys(bare.env("azure-ml"))).not.toContain("DEFAULT_IDENTITY_CLIENT_ID");
});

it.each<[string, Query, Readonly<Record<string, string>> | undefined, number, string]>([
  ["no secret", whole, {}, 401, "Unauthorized"],
  ["a wrong secret", whole, { secret: "x" }, 401, "Unauthorized"],
  ["another version", { ...whole, "api-version": "2019-08-01" }, undefined, 400, "BadRequest"],
  ["an unknown identity", { ...whole, clientid: "an-app" }, undefined, 400, "IdentityNotFound"],
  ["the parameter of the metadata service", { ...whole, client_id: "a" }, undefined, 400, "BadRequest"],
  ["an unknown resource", { ...whole, resource: "https://no.example" }, undefined, 400, "AudienceNotSupported"],
])("Azure ML refuses %s", async (_, query, headers, status, code) => {
  expect(await ask(query, headers)).toMatchObject({ status, json: { error: { code, message: expect.any(String) } } });
});

it.each([
  [429, "TooManyRequests"],
  [500, "InternalServerError"],
])("Azure ML has an error body for status %s", async (status, code) => {
  emulator.faults.add({ service: "azure-ml", status });
  expect(await ask()).toMatchObject({ status, json: { error: { code } } });
});
