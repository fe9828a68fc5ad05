/** The source `environment` with a user: one plugin reads the variables, another one signs in. */

import { createIdentity, definePlugin, type Identity, type IdentityError } from "@azidentity/core";
import { defineTokenStore } from "@azidentity/core/store";
import { createFakeClock, createFakeHttp, createMemoryStore } from "@azidentity/core/testing";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import entra from "@azidentity/plugin-entra";
import users from "@azidentity/plugin-users";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";

const scope = "https://vault.azure.net/.default";
const other = "https://storage.azure.com/.default";
const ann = { username: "ann@contoso.example", password: "canary-password" };

let emulator: Emulator;
const opened: Identity[] = [];
beforeAll(async () => {
  emulator = await startEmulator({ tenants: [{ applications: [{ publicClient: true }], users: [ann] }] });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((identity) => identity.close()));
  emulator.requests.clear();
  emulator.faults.clear();
});
afterAll(() => emulator.close());

/** An identity whose environment names Ann, with changes of the environment and of the config. */
function makeIdentity(env: Readonly<Record<string, string>> = {}, config: object = {}): Identity {
  const { authorityHost, caCertificateFile: caFile, tenantId, application } = emulator;
  const variables = {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: application.clientId,
    AZURE_USERNAME: ann.username,
    AZURE_PASSWORD: ann.password,
  };
  const identity = createIdentity(
    { config: false, plugins: [entra, users], authorityHost, http: { caFile }, ...config },
    { env: { ...variables, ...env } },
  );
  opened.push(identity);
  return identity;
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const errorOf = (promise: Promise<unknown>): Promise<IdentityError> =>
  promise.then(
    () => expect.fail("It succeeded."),
    (error) => error,
  );

it("environment signs in the user that the variables name", async () => {
  const identity = makeIdentity();
  const { token } = await identity.getToken(scope);
  expect(claimsOf(token)).toMatchObject({ appid: emulator.application.clientId, idtyp: "user" });
  expect(identity.explain.last).toMatchObject({ winner: "environment", principal: { username: ann.username } });
});

it("environment signs in that user in production mode, too", async () => {
  const http = createFakeHttp({ status: 400, body: '{"error":"invalid_grant","error_codes":[50126]}' });
  const env = {
    AZURE_TENANT_ID: "contoso.example",
    AZURE_CLIENT_ID: "app",
    AZURE_USERNAME: ann.username,
    AZURE_PASSWORD: ann.password,
  };
  await using identity = createIdentity({ config: false, mode: "production", plugins: [entra, users] }, { env, http });
  expect(await errorOf(identity.getToken(scope))).toMatchObject({ outcome: "rejected", code: "user-refused" });
  expect(http.requests.map(({ url }) => url.split("?")[0])).toEqual([
    "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token",
  ]);
  expect(Object.fromEntries(new URLSearchParams(http.requests[0]?.body))).toMatchObject({
    grant_type: "password",
    client_id: "app",
    ...ann,
  });
});

it("environment keeps each token once, and renews without the password", async () => {
  const store = createMemoryStore(createFakeClock(Date.now()));
  const provider = defineTokenStore({ name: "memory", create: () => store });
  const stores = definePlugin({ name: "test-store", services: [provider] });
  const identity = makeIdentity({}, { plugins: [entra, users, stores], cache: { store: "memory" } });
  for (const resource of [scope, scope, other]) await identity.getToken(resource);
  const keys: string[] = [];
  for await (const { key } of store.list?.() ?? []) keys.push(key);
  expect(keys.filter((key) => key.includes("environment"))).toHaveLength(2);
  expect(keys.filter((key) => key.includes("username-password"))).toEqual([]);
  const grants = emulator.requests.map(({ form }) => form.grant_type);
  expect(grants).toEqual(["password", "refresh_token"]);
});

it.each([
  ["a wrong password", { AZURE_PASSWORD: "canary-wrong" }, "user-refused"],
  ["an unknown user", { AZURE_USERNAME: "unknown@contoso.example" }, "user-refused"],
  ["an unknown application", { AZURE_CLIENT_ID: "00000000-0000-4000-8000-00000000dead" }, "unknown-application"],
])("environment stops the chain at %s, and shows no password", async (_, changes, code) => {
  const follower = { getToken: () => expect.unreachable() };
  const error = await errorOf(makeIdentity(changes, { chain: ["environment", follower] }).getToken(scope));
  expect(error).toMatchObject({ outcome: "rejected", code });
  expect(error.message).not.toContain("canary");
});

it("environment reports the user's second factor as its own failure, and goes on to no other source", async () => {
  emulator.faults.add({ path: "/token", status: 400, body: { error: "invalid_grant", error_codes: [50076] } });
  const follower = { getToken: () => expect.unreachable() };
  const error = await errorOf(makeIdentity({}, { chain: ["environment", follower] }).getToken(scope));
  expect(error).toMatchObject({ outcome: "interaction-required" });
});
