import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBroker, type MessageBus, sessionBus } from "dbus-native";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { BrokerMethod } from "./broker-faults.ts";
import type { IdentityBroker } from "./identity-broker.ts";

const clientId = "3f9d0b51-6a0c-4a6e-9b52-8a0f2c1f7c02";
const [ann, bernard] = ["ann", "bernard"].map((name) => ({
  username: `${name}@contoso.example`,
  password: "p",
  objectId: `O-${name}`,
}));
const vault = "https://vault.azure.net/.default";

/** A session bus in this process. */
async function openBus() {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-bus-"));
  const bus = createBroker();
  const address = await new Promise<string>((resolve, reject) =>
    bus.listen({ socket: join(folder, "bus") }, (error, listening) => (error ? reject(error) : resolve(listening))),
  );
  const close = async () => {
    await new Promise<void>((resolve) => bus.close(resolve));
    rmSync(folder, { recursive: true });
  };
  return { address, close };
}

let bus: Awaited<ReturnType<typeof openBus>>;
let emulator: Emulator;
let broker: IdentityBroker;
let client: MessageBus;
beforeEach(async () => {
  bus = await openBus();
  const applications = [{}, { clientId, publicClient: true, secrets: [] }];
  emulator = await startEmulator({
    tenants: [{ applications, users: [ann, bernard].filter((one) => one !== undefined) }],
  });
  broker = await emulator.startBroker({ busAddress: bus.address });
  client = sessionBus({ busAddress: bus.address });
});
afterEach(async () => {
  await client.close();
  await emulator.close();
  await bus.close();
});

async function call(member: BrokerMethod, body: object) {
  const name = "com.microsoft.identity.broker1";
  const to = {
    destination: name,
    path: "/com/microsoft/identity/broker1",
    interface: "com.microsoft.identity.Broker1",
  };
  const text = await client.invoke<string>({
    ...to,
    member,
    signature: "sss",
    body: ["0.0", "correlation", JSON.stringify(body)],
  });
  return JSON.parse(text);
}
const parameters = (more: object = {}) => ({
  authParameters: {
    authority: "https://login.microsoftonline.com/organizations",
    clientId,
    requestedScopes: [vault],
    ...more,
  },
});
const acquire = async (more?: object, member: BrokerMethod = "acquireTokenSilently") =>
  (await call(member, parameters(more))).brokerTokenResponse;

it("the broker lists the signed-in accounts and records the calls of clients", async () => {
  const { accounts } = await call("getAccounts", { clientId });
  expect(accounts).toEqual([
    expect.objectContaining({ username: "ann@contoso.example", homeAccountId: `O-ann.${emulator.tenantId}` }),
    expect.objectContaining({ username: "bernard@contoso.example" }),
  ]);
  expect(broker.calls).toEqual([{ method: "getAccounts", correlationId: "correlation", body: { clientId } }]);
});

it("a token of the broker is a token of Entra for the default account", async () => {
  const { accessToken, accessTokenType, idToken, expiresOn } = await acquire();
  expect(accessTokenType).toBe(0);
  expect(decodeJwt(accessToken)).toMatchObject({ oid: "O-ann", appid: clientId, aud: "https://vault.azure.net" });
  expect(decodeJwt(idToken)).toMatchObject({ oid: "O-ann", aud: clientId });
  expect(expiresOn).toBe((decodeJwt(accessToken).exp ?? 0) * 1000);
});

it("a token of the broker follows a change of the default account, and is refused after its sign-out", async () => {
  broker.signIn("bernard@contoso.example");
  expect(decodeJwt((await acquire()).accessToken).oid).toBe("O-bernard");
  for (const name of ["ann", "bernard"]) broker.signOut(`${name}@contoso.example`);
  expect(await acquire()).toMatchObject({ error: { status: 2 } });
});

it("a token of the broker is for the account of the request", async () => {
  const account = { homeAccountId: `O-bernard.${emulator.tenantId}` };
  expect(decodeJwt((await acquire({ account })).accessToken).oid).toBe("O-bernard");
});

it("a token of the broker is bound to an HTTP request if the call has popParams", async () => {
  const popParams = { httpMethod: "get", uriHost: "api.example", uriPath: "/x", nonce: "n" };
  const { accessToken, accessTokenType } = await acquire({ popParams });
  expect(accessTokenType).toBe(1);
  const claims = decodeJwt(accessToken);
  expect(claims).toMatchObject({ m: "GET", u: "api.example", p: "/x", nonce: "n", cnf: { jwk: { kty: "RSA" } } });
  expect(decodeJwt(String(claims.at)).oid).toBe("O-ann");
});

it.each([
  ["of an unknown tenant", { authority: "https://login.microsoftonline.com/nowhere.example" }, 11],
  ["of an unknown application", { clientId: "unknown" }, 9],
  ["for an account that is not signed in", { account: { homeAccountId: "O-x.T" } }, 2],
])("a token of the broker %s is refused", async (_, more, status) => {
  expect(await acquire(more)).toMatchObject({ error: { status } });
});

it("a token of the broker is refused where a policy requires a second factor", async () => {
  emulator.policies.add({ grantControl: "mfa" });
  const { error } = await acquire();
  expect(error).toMatchObject({ status: 2, context: expect.stringContaining("AADSTS50079") });
});

it("the interactive method signs in the account of the login hint", async () => {
  broker.signOut("bernard@contoso.example");
  const { accessToken } = await acquire({ username: "bernard@contoso.example" }, "acquireTokenInteractively");
  expect(decodeJwt(accessToken).oid).toBe("O-bernard");
  expect((await call("getAccounts", {})).accounts).toHaveLength(2);
});

it("a fault of the broker applies to the next token request, not to getAccounts", async () => {
  broker.faults.add({ status: "UserCanceled", context: "no" });
  expect((await call("getAccounts", {})).accounts).toHaveLength(2);
  expect(await acquire()).toMatchObject({ error: { status: 7, context: "no" } });
  expect(await acquire()).toHaveProperty("accessToken");
});

it("a fault of the broker replaces fields, the account, or the whole response", async () => {
  broker.faults.add({ rewrite: { expiresOn: 1 } }, { account: "bernard@contoso.example" }, { body: "{}" });
  expect((await acquire()).expiresOn).toBe(1);
  expect(decodeJwt((await acquire()).accessToken).oid).toBe("O-bernard");
  expect(await call("acquireTokenSilently", parameters())).toEqual({});
});

it.each([
  [{}],
  [{ status: "Asleep" }],
  [{ status: "Unexpected", method: "sing" }],
  [{ status: "Unexpected", times: 0 }],
])("a fault of the broker without a valid effect is rejected by add: %j", (fault) => {
  expect(() => broker.faults.add(fault as never)).toThrow();
});

it("a second broker cannot join the same session bus", async () => {
  await expect(emulator.startBroker({ busAddress: bus.address })).rejects.toThrow("already");
});

it("the broker rejects accounts that are not users of the directory", () => {
  expect(() => broker.signIn("unknown@contoso.example")).toThrow("No tenant has a user");
});
