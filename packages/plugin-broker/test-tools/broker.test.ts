/**
 * The real `NativeBrokerPlugin` and its native library, with the emulated broker on a session bus.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ann, bernard, claimsOf, clients, type Desktop, failure, homeIdOf, openDesktop, vault } from "./desktop.ts";

let desktop: Desktop;
beforeEach(async () => {
  desktop = await openDesktop();
});
afterEach(() => desktop.close());

const silentCalls = () => desktop.broker.calls.filter(({ method }) => method === "acquireTokenSilently");

describe("the default chain", () => {
  it("the default chain tries the broker last, and signs in as the operating system's default account", async () => {
    const identity = desktop.identity();
    const { token, tokenType } = await identity.getToken(vault);
    expect(claimsOf(token)).toMatchObject({ oid: ann.objectId, upn: ann.username, appid: clients.developer });
    expect(tokenType).toBe("Bearer");
    const walk = identity.explain.last;
    expect(walk?.attempts.map(({ source, outcome }) => [source, outcome])).toEqual([
      ["visual-studio-code", "not-signed-in"],
      ["broker", "token"],
    ]);
    expect(walk?.attempts[1]?.reason).toBe("The broker of this system is microsoft-identity-broker.");
    expect(walk?.principal).toMatchObject({ username: ann.username, objectId: ann.objectId });
  });

  it("many callers cause one call of the broker, and later callers none", async () => {
    const identity = desktop.identity();
    await Promise.all(Array.from({ length: 20 }, () => identity.getToken(vault)));
    await identity.getToken(vault);
    expect(silentCalls()).toHaveLength(1);
  });
});

it("the broker source sends scopes, tenant, claims and the capability cp1 to the broker", async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const tenantId = desktop.emulator.tenantId;
  const { token } = await desktop.identity(["broker"]).getToken(vault, { tenantId, claims, enableCae: true });
  expect(claimsOf(token).xms_cc).toEqual(["cp1"]);
  const { authParameters } = Object(silentCalls()[0]?.body) as { authParameters: Record<string, string> };
  expect(authParameters).toMatchObject({
    authority: `https://login.microsoftonline.com/${tenantId}`,
    requestedScopes: [vault],
  });
  expect(JSON.parse(authParameters.decodedClaims ?? "")).toEqual({
    access_token: { nbf: { essential: true, value: "1" }, xms_cc: { values: ["cp1"] } },
  });
});

it("a new default account replaces the previous one, whose tokens are no longer served", async () => {
  await desktop.broker.startKeyring();
  const identity = desktop.identity(["broker"]);
  const scopeOf = (n: number) => `https://account${n}.blob.core.windows.net/.default`;
  const subject = async (n: number) => claimsOf((await identity.getToken(scopeOf(n))).token).oid;
  expect(await subject(1)).toBe(ann.objectId);
  desktop.broker.signIn(bernard.username);
  expect(await subject(2)).toBe(bernard.objectId);
  expect(await subject(1)).toBe(bernard.objectId);
});

it("two identities get tokens at the same time", async () => {
  await desktop.broker.startKeyring();
  desktop.broker.signIn(bernard.username);
  desktop.broker.signIn(ann.username);
  const scopes = ["https://storage.azure.com/.default", vault];
  const identities = [desktop.identity(["broker"]), desktop.identity(["broker"])];
  const tokens = await Promise.all(identities.flatMap((one) => scopes.map((scope) => one.getToken(scope))));
  expect(tokens.map(({ token }) => [claimsOf(token).oid, claimsOf(token).aud])).toEqual([
    [ann.objectId, "https://storage.azure.com"],
    [ann.objectId, "https://vault.azure.net"],
    [ann.objectId, "https://storage.azure.com"],
    [ann.objectId, "https://vault.azure.net"],
  ]);
});

describe("a token bound to a request", () => {
  const proofOfPossessionOptions = {
    nonce: "n-1",
    resourceRequestMethod: "get",
    resourceRequestUrl: "https://api.contoso.example/orders?page=2",
  };

  it("a bound token has the type pop, and bearer tokens and bound tokens are never served for each other", async () => {
    const identity = desktop.identity(["broker"]);
    const types = [];
    for (const options of [undefined, { proofOfPossessionOptions }, undefined, { proofOfPossessionOptions }]) {
      const { token, tokenType } = await identity.getToken(vault, options);
      types.push(tokenType);
      if (options)
        expect(claimsOf(token)).toMatchObject({ m: "GET", u: "api.contoso.example", p: "/orders", nonce: "n-1" });
      else expect(claimsOf(token)).toMatchObject({ aud: "https://vault.azure.net" });
    }
    expect(types).toEqual(["Bearer", "pop", "Bearer", "pop"]);
    expect(silentCalls()).toHaveLength(3); // the second bearer token comes from memory
  });

  it("an unbound token in place of a bound one is refused", async () => {
    desktop.broker.faults.add({ rewrite: { accessTokenType: 0 } });
    const error = await failure(desktop.identity(["broker"]).getToken(vault, { proofOfPossessionOptions }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "proof-of-possession-unsupported" });
  });

  it.each([
    ["no URL", { resourceRequestUrl: "orders" }],
    ["no method", { resourceRequestMethod: "" }],
  ])("a request for a bound token with %s is refused before the broker is called", async (_, change) => {
    const options = { proofOfPossessionOptions: { ...proofOfPossessionOptions, ...change } };
    const error = await failure(desktop.identity(["broker"]).getToken(vault, options));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "invalid-proof-of-possession" });
    expect(desktop.broker.calls).toEqual([]);
  });
});

describe("a login hint", () => {
  it("a login hint selects the account among those of the broker, without a prompt", async () => {
    await desktop.broker.startKeyring();
    desktop.broker.signIn(bernard.username);
    const named = desktop.identity().credential("broker", { loginHint: "ANN@contoso.example" });
    expect(claimsOf((await named.getToken(vault)).token).oid).toBe(ann.objectId);
  });

  it("the default account does not replace the account of a login hint", async () => {
    const named = desktop.identity().credential("broker", { loginHint: bernard.username });
    const error = await failure(named.getToken(vault));
    expect(error).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
    expect(error.message).not.toContain("eyJ");
  });
});

it("without an account and with useDefaultBrokerAccount false, the broker is not called", async () => {
  const credential = desktop.identity().credential("broker", { useDefaultBrokerAccount: false });
  expect(await failure(credential.getToken(vault))).toMatchObject({ outcome: "not-signed-in" });
  expect(desktop.broker.calls).toEqual([]);
});

it("legacyEnableMsaPassthrough lets personal accounts sign in", async () => {
  await desktop.identity().credential("broker", { legacyEnableMsaPassthrough: true }).getToken(vault);
  const { authParameters } = Object(silentCalls()[0]?.body) as { authParameters: Record<string, unknown> };
  expect(authParameters).toMatchObject({
    authority: "https://login.microsoftonline.com/common",
    additionalQueryParametersForAuthorization: { msal_request_type: "consumer_passthrough" },
  });
});

it("an authentication record selects the account, and a record of another application is refused", async () => {
  await desktop.broker.startKeyring();
  desktop.broker.signIn(bernard.username);
  const record = {
    authority: "login.microsoftonline.com",
    homeAccountId: homeIdOf(ann),
    clientId: clients.developer,
    tenantId: desktop.emulator.tenantId,
    username: ann.username,
  };
  const identity = desktop.identity();
  const own = identity.credential("broker", { authenticationRecord: record });
  expect(claimsOf((await own.getToken(vault)).token).oid).toBe(ann.objectId);
  const foreign = identity.credential("broker", { authenticationRecord: { ...record, clientId: clients.editor } });
  expect(await failure(foreign.getToken(vault))).toMatchObject({
    outcome: "misconfigured",
    code: "foreign-authentication-record",
  });
});
