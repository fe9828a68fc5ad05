import { afterAll, beforeAll, expect, it } from "vitest";
import { claimsIn, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "cloud-shell": {} } });
});
afterAll(() => emulator.close());

const whole = { resource: "https://vault.azure.net" };
const ask = (
  form: Readonly<Record<string, string>> = whole,
  headers: Readonly<Record<string, string>> = { Metadata: "true" },
) => send(emulator, emulator.host("cloud-shell").endpoint, { form, headers });

it("Cloud Shell answers a form with a token of its identity, with strings in every field", async () => {
  const answer = await ask();
  expect(claimsIn(answer).oid).toBe(emulator.host("cloud-shell").systemAssigned?.objectId);
  expect(answer.json).toMatchObject({ expires_in: "86399", expires_on: String(claimsIn(answer).exp), ...whole });
});

it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>> | undefined, string]>([
  ["no header", whole, {}, "MissingMetadataHeader"],
  ["no resource", {}, undefined, "BadRequest"],
  ["an unknown resource", { resource: "https://no.example" }, undefined, "AudienceNotSupported"],
  ["an identity", { ...whole, client_id: "a" }, undefined, "BadRequest"],
])("Cloud Shell refuses %s", async (_, form, headers, code) => {
  expect(await ask(form, headers)).toMatchObject({ status: 400, json: { error: { code } } });
});

it("Cloud Shell accepts only POST", async () => {
  const { endpoint } = emulator.host("cloud-shell");
  const { status } = await send(emulator, `${endpoint}?resource=a`, { headers: { Metadata: "true" } });
  expect(status).toBe(405);
});
