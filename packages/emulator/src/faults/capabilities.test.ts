import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { Fault } from "./fault.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { imds: {} } });
});
afterEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

const urls = () => ({
  entra: `${emulator.authorityHost}/common/discovery/v2.0/keys`,
  "key-vault": `${emulator.vaultUrl}/secrets`,
  api: emulator.api.url,
  oidc: emulator.issuers.githubActions.requestUrl,
  imds: emulator.host("imds").endpoint,
});

it.each<[keyof ReturnType<typeof urls>, keyof Fault, Fault]>([
  ["entra", "challenge", { challenge: "cae" }],
  ["key-vault", "challenge", { challenge: "azure-arc" }],
  ["api", "challenge", { challenge: "azure-arc" }],
  ["oidc", "challenge", { challenge: "cae" }],
  ["imds", "challenge", { challenge: "azure-arc" }],
  ["key-vault", "error", { error: 50076 }],
  ["api", "error", { error: 50076 }],
  ["oidc", "error", { error: 50076 }],
  ["imds", "error", { error: 50076 }],
  ["entra", "expiry", { expiry: "us-date", body: {} }],
  ["key-vault", "expiry", { expiry: "us-date", body: {} }],
  ["api", "expiry", { expiry: "us-date", body: {} }],
  ["oidc", "expiry", { expiry: "us-date", body: {} }],
  ["api", "claims", { claims: { token: {} } }],
  ["imds", "claims", { claims: { access_token: {} } }],
])("the service %s answers 500 to a fault whose %s it does not support", async (service, _, fault) => {
  emulator.faults.add({ service, ...fault });

  const { status, json } = await send(emulator, urls()[service]);

  expect(status).toBe(500);
  expect(json).toEqual({ emulator: expect.stringContaining(`The service "${service}" `) });
});
