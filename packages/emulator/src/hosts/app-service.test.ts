import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimsIn, type PlainResponse, type Query, requestHostToken } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
let secret: string;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "app-service": { userAssigned: [{}, {}] } } });
  secret = emulator.env("app-service").IDENTITY_HEADER ?? "";
});
beforeEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const version = { "api-version": "2019-08-01" };
const resource = { resource: "https://vault.azure.net" };
const whole = { ...version, ...resource };
const ask = (query: Query, headers: Readonly<Record<string, string>> = { "X-IDENTITY-HEADER": secret }) =>
  requestHostToken(emulator, "app-service", query, headers);
const message = ({ json }: PlainResponse) => (json as { readonly message: string }).message;

it("App Service returns a token of the system-assigned identity", async () => {
  const answer = await ask(whole);
  const { systemAssigned } = emulator.host("app-service");
  expect(answer.json).toEqual({
    access_token: expect.any(String),
    client_id: systemAssigned?.clientId.toUpperCase(),
    expires_on: String(claimsIn(answer).exp),
    resource: "https://vault.azure.net",
    token_type: "Bearer",
  });
  expect(claimsIn(answer)).toMatchObject({ oid: systemAssigned?.objectId, xms_mirid: systemAssigned?.resourceId });
});

it.each([
  ["client_id", "clientId"],
  ["object_id", "objectId"],
  ["principal_id", "objectId"],
  ["mi_res_id", "resourceId"],
] as const)("App Service finds an identity by %s, in any letter case", async (name, kind) => {
  const expected = emulator.host("app-service").userAssigned[1];
  const answer = await ask({ ...whole, [name]: expected?.[kind].toUpperCase() ?? "" });
  expect(claimsIn(answer).oid).toBe(expected?.objectId);
});

it.each<[string, Query, Readonly<Record<string, string>> | undefined, number]>([
  ["no secret", whole, {}, 401],
  ["a wrong secret", whole, { "X-IDENTITY-HEADER": "x" }, 401],
  ["the header of the older version", whole, { secret: "x" }, 401],
  ["no version", resource, undefined, 400],
  ["an unknown version", { ...resource, "api-version": "2018-02-01" }, undefined, 400],
  ["no resource", version, undefined, 400],
  ["an empty resource", { ...version, resource: "" }, undefined, 400],
  ["an unknown resource", { ...version, resource: "https://no.example" }, undefined, 400],
  ["a parameter of another host", { ...whole, msi_res_id: "a" }, undefined, 400],
  ["a parameter twice", [...Object.entries(whole), ["resource", "b"]], undefined, 400],
  ["two identities", { ...whole, client_id: "a", object_id: "b" }, undefined, 400],
])("App Service refuses %s", async (_, query, headers, status) => {
  const answer = await ask(query, headers);
  expect(answer).toMatchObject({ status, json: { statusCode: status, correlationId: expect.any(String) } });
  expect(message(answer)).not.toContain(secret);
});

it("App Service distinguishes an unknown identity from a missing one", async () => {
  const unknown = await ask({ ...whole, client_id: "an-app" });
  expect(unknown.status).toBe(400);
  expect(message(unknown)).toMatch(/^No User Assigned or Delegated Managed Identity found/);
  await using bare = await startEmulator({ hosts: { "app-service": { systemAssigned: false } } });
  const none = await requestHostToken(bare, "app-service", whole, {
    "X-IDENTITY-HEADER": bare.env("app-service").IDENTITY_HEADER ?? "",
  });
  expect(none.status).toBe(400);
  expect(message(none)).toMatch(/^No Managed Identity found/);
});

it("App Service with user-assigned identities alone loads none for a request without an id", async () => {
  await using own = await startEmulator({ hosts: { "app-service": { systemAssigned: false, userAssigned: [{}] } } });
  const none = await requestHostToken(own, "app-service", whole, {
    "X-IDENTITY-HEADER": own.env("app-service").IDENTITY_HEADER ?? "",
  });
  expect(none.status).toBe(400);
  expect(message(none)).toBe("Unable to load the proper Managed Identity.");
});

it("App Service accepts only GET, with or without a slash after the path", async () => {
  const headers = { "X-IDENTITY-HEADER": secret };
  expect((await requestHostToken(emulator, "app-service", whole, headers, { method: "POST" })).status).toBe(405);
  const { endpoint } = emulator.host("app-service");
  const slash = new URL(`${endpoint}/?${new URLSearchParams(whole)}`);
  expect((await fetch(slash, { headers })).status).toBe(200);
});

it.each([
  [404, { statusCode: 404 }],
  [429, { statusCode: 429 }],
  [500, { message: expect.any(String) }],
  [503, { statusCode: 503 }],
])("App Service has an error body for status %s", async (status, body) => {
  emulator.faults.add({ service: "app-service", status });
  expect(await ask(whole)).toMatchObject({ status, json: body });
});

describe("App Service with api-version 2017-09-01", () => {
  const older = { ...resource, "api-version": "2017-09-01" };

  it("App Service with api-version 2017-09-01 reads the header `secret`, accepts only client ids, and returns the expiry as a date", async () => {
    const expected = emulator.host("app-service").userAssigned[0];
    const answer = await ask({ ...older, clientid: expected?.clientId ?? "" }, { secret });
    expect(claimsIn(answer).oid).toBe(expected?.objectId);
    const { expires_on: expiry } = answer.json as { readonly expires_on: string };
    expect(expiry).toMatch(/^\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M \+00:00$/);
    expect(Date.parse(expiry) / 1_000).toBe(claimsIn(answer).exp);
    expect((await ask({ ...older, mi_res_id: "a" }, { secret })).status).toBe(400);
    expect((await ask(older)).status).toBe(401);
  });

  it("App Service with api-version 2017-09-01 is the only version of an old sandbox, which sets MSI_ENDPOINT and MSI_SECRET", async () => {
    await using old = await startEmulator({ hosts: { functions: { apiVersion: "2017-09-01" } } });
    const env = old.env("functions");
    expect(Object.keys(env)).toEqual(expect.arrayContaining(["MSI_ENDPOINT", "MSI_SECRET"]));
    expect(Object.keys(env)).not.toContain("IDENTITY_ENDPOINT");
    const asked = (query: Query) => requestHostToken(old, "functions", query, { secret: env.MSI_SECRET ?? "" });
    expect((await asked(older)).status).toBe(200);
    expect((await asked(whole)).status).toBe(400);
  });
});
