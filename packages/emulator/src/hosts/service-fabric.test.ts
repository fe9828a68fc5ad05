import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { claimsIn, type Query, requestHostToken } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
let secret: string;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "service-fabric": { userAssigned: [{}] } } });
  secret = emulator.env("service-fabric").IDENTITY_HEADER ?? "";
});
beforeEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const whole = { "api-version": "2019-07-01-preview", resource: "https://vault.azure.net" };
const ask = (query: Query = whole, headers: Readonly<Record<string, string>> = { secret }) =>
  requestHostToken(emulator, "service-fabric", query, headers, { ca: emulator.host("service-fabric").certificate });

it("Service Fabric returns a token of the assigned identity, with a number for the expiry", async () => {
  const answer = await ask();
  expect(claimsIn(answer).oid).toBe(emulator.host("service-fabric").systemAssigned?.objectId);
  expect(answer.json).toMatchObject({ expires_on: claimsIn(answer).exp, resource: whole.resource });
});

it("Service Fabric has a self-signed certificate with a known SHA-1 thumbprint", async () => {
  const { certificate, thumbprint } = emulator.host("service-fabric");
  const env = emulator.env("service-fabric");
  expect(new X509Certificate(certificate).fingerprint.replaceAll(":", "")).toBe(thumbprint);
  expect(env).toMatchObject({
    IDENTITY_SERVER_THUMBPRINT: thumbprint,
    IDENTITY_API_VERSION: "2019-07-01-preview",
    IDENTITY_ENDPOINT: expect.stringMatching(/^https:/),
  });
  await expect(requestHostToken(emulator, "service-fabric", whole, { secret })).rejects.toMatchObject({
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
  });
  const trusted = await readFile(env.NODE_EXTRA_CA_CERTS ?? "", "utf8");
  for (const one of [certificate, emulator.caCertificate]) expect(trusted).toContain(one);
});

it.each<[string, Query, Readonly<Record<string, string>> | undefined, number, string]>([
  ["no secret", whole, {}, 400, "SecretHeaderNotFound"],
  ["a wrong secret", whole, { secret: "x" }, 404, "ManagedIdentityNotFound"],
  ["another version", { ...whole, "api-version": "2019-08-01" }, undefined, 400, "InvalidApiVersion"],
  ["no version", { resource: "a" }, undefined, 400, "InvalidApiVersion"],
  ["no resource", { "api-version": whole["api-version"] }, undefined, 400, "ArgumentNullOrEmpty"],
  ["a choice of identity", { ...whole, client_id: "a" }, undefined, 400, "BadRequest"],
])("Service Fabric refuses %s", async (_, query, headers, status, code) => {
  const answer = await ask(query, headers);
  expect(answer).toMatchObject({ status, json: { error: { code, correlationId: expect.any(String) } } });
  expect(answer.body).not.toContain(secret);
});

it("Service Fabric supports only the api-version of the options", async () => {
  await using newer = await startEmulator({ hosts: { "service-fabric": { apiVersion: "2020-05-01" } } });
  const env = newer.env("service-fabric");
  const ca = newer.host("service-fabric").certificate;
  const asked = (version: string) =>
    requestHostToken(
      newer,
      "service-fabric",
      { ...whole, "api-version": version },
      { secret: env.IDENTITY_HEADER ?? "" },
      { ca },
    );
  expect(env.IDENTITY_API_VERSION).toBe("2020-05-01");
  expect((await asked("2020-05-01")).status).toBe(200);
  expect((await asked(whole["api-version"])).status).toBe(400);
});

it("Service Fabric refuses a request when no identity is assigned", async () => {
  await using bare = await startEmulator({ hosts: { "service-fabric": { systemAssigned: false } } });
  const headers = { secret: bare.env("service-fabric").IDENTITY_HEADER ?? "" };
  const answer = await requestHostToken(bare, "service-fabric", whole, headers, {
    ca: bare.host("service-fabric").certificate,
  });
  expect(answer).toMatchObject({ status: 404, json: { error: { code: "ManagedIdentityNotFound" } } });
});

it.each([
  [404, "ManagedIdentityNotFound"],
  [429, "TooManyRequests"],
  [500, "InternalServerError"],
])("Service Fabric has an error body for status %s", async (status, code) => {
  emulator.faults.add({ service: "service-fabric", status });
  expect(await ask()).toMatchObject({ status, json: { error: { code } } });
});
