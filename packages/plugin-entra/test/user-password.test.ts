import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { claimsOf, createIdentities, scope } from "./sign-in.ts";
import { errorOf } from "./source-context.ts";

const ann = { username: "ann@contoso.example", password: "canary-password" };
let emulator: Emulator;
const identities = createIdentities(() => emulator);
beforeAll(async () => {
  emulator = await startEmulator({ tenants: [{ applications: [{ publicClient: true }], users: [ann] }] });
});
afterEach(() => identities.close());
afterAll(() => emulator.close());

const environment = (changes: Readonly<Record<string, string>> = {}) => ({
  AZURE_TENANT_ID: emulator.tenantId,
  AZURE_CLIENT_ID: emulator.application.clientId,
  AZURE_USERNAME: ann.username,
  AZURE_PASSWORD: ann.password,
  ...changes,
});

it("environment signs in the user that the variables name", async () => {
  const identity = identities.make({ env: environment() });
  const { token } = await identity.getToken(scope);
  expect(claimsOf(token)).toMatchObject({ appid: emulator.application.clientId, idtyp: "user" });
  expect(identity.explain.last).toMatchObject({ winner: "environment", principal: { username: ann.username } });
});

it.each([
  ["a wrong password", { AZURE_PASSWORD: "canary-wrong" }, "user-refused"],
  ["an unknown user", { AZURE_USERNAME: "nobody@contoso.example" }, "user-refused"],
  ["an unknown application", { AZURE_CLIENT_ID: "00000000-0000-4000-8000-00000000dead" }, "unknown-application"],
])("environment stops the chain at %s", async (_, changes, code) => {
  const follower = { getToken: () => expect.unreachable() };
  const identity = identities.make({ env: environment(changes), chain: { chain: ["environment", follower] } });
  const error = await errorOf(identity.getToken(scope));
  expect(error).toMatchObject({ outcome: "rejected", code });
  expect(error.message).not.toContain("canary");
});
