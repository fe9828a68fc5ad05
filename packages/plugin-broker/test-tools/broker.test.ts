/** The real `NativeBrokerPlugin` and its native part, against the broker's double on a session bus. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ann, bernard, claimsOf, clients, failure, homeIdOf, openScene, type Scene, vault } from "./scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const silentCalls = () => scene.broker.calls.filter(({ method }) => method === "acquireTokenSilently");

describe("the default chain", () => {
  it("asks the broker last, and signs in as the operating system's default account", async () => {
    const identity = scene.identity();
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

  it("asks the broker once for many callers, and not again", async () => {
    const identity = scene.identity();
    await Promise.all(Array.from({ length: 20 }, () => identity.getToken(vault)));
    await identity.getToken(vault);
    expect(silentCalls()).toHaveLength(1);
  });
});

it("passes on scopes, tenant, claims and that revocation is understood", async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const tenantId = scene.emulator.tenantId;
  const { token } = await scene.identity(["broker"]).getToken(vault, { tenantId, claims, enableCae: true });
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

it("honours another default account: no token of the one before is served after the first of the new one", async () => {
  await scene.broker.startKeyring();
  const identity = scene.identity(["broker"]);
  const scopeOf = (n: number) => `https://account${n}.blob.core.windows.net/.default`;
  const subject = async (n: number) => claimsOf((await identity.getToken(scopeOf(n))).token).oid;
  expect(await subject(1)).toBe(ann.objectId);
  scene.broker.signIn(bernard.username);
  expect(await subject(2)).toBe(bernard.objectId);
  expect(await subject(1)).toBe(bernard.objectId);
});

it("serves two identities at once, each as whom it asks for", async () => {
  await scene.broker.startKeyring();
  scene.broker.signIn(bernard.username);
  scene.broker.signIn(ann.username);
  const scopes = ["https://storage.azure.com/.default", vault];
  const identities = [scene.identity(["broker"]), scene.identity(["broker"])];
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

  it("says which, and is not mixed with bearer tokens, whichever came first", async () => {
    const identity = scene.identity(["broker"]);
    const types = [];
    for (const options of [undefined, { proofOfPossessionOptions }, undefined, { proofOfPossessionOptions }]) {
      const { token, tokenType } = await identity.getToken(vault, options);
      types.push(tokenType);
      if (options)
        expect(claimsOf(token)).toMatchObject({ m: "GET", u: "api.contoso.example", p: "/orders", nonce: "n-1" });
      else expect(claimsOf(token)).toMatchObject({ aud: "https://vault.azure.net" });
    }
    expect(types).toEqual(["Bearer", "pop", "Bearer", "pop"]);
    expect(silentCalls()).toHaveLength(3); // the bearer token once
  });

  it("is refused when the broker brings one that is not bound", async () => {
    scene.broker.faults.add({ rewrite: { accessTokenType: 0 } });
    const error = await failure(scene.identity(["broker"]).getToken(vault, { proofOfPossessionOptions }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "proof-of-possession-unsupported" });
  });

  it.each([
    ["no URL", { resourceRequestUrl: "orders" }],
    ["no method", { resourceRequestMethod: "" }],
  ])("is not asked for with %s", async (_, change) => {
    const asked = { proofOfPossessionOptions: { ...proofOfPossessionOptions, ...change } };
    const error = await failure(scene.identity(["broker"]).getToken(vault, asked));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "invalid-proof-of-possession" });
    expect(scene.broker.calls).toEqual([]);
  });
});

describe("whoever is named by a login hint", () => {
  it("is signed in silently when the broker knows them, and nobody else is", async () => {
    await scene.broker.startKeyring();
    scene.broker.signIn(bernard.username);
    const named = scene.identity().credential("broker", { loginHint: "ANN@contoso.example" });
    expect(claimsOf((await named.getToken(vault)).token).oid).toBe(ann.objectId);
  });

  it("is not replaced by the default account", async () => {
    const named = scene.identity().credential("broker", { loginHint: bernard.username });
    const error = await failure(named.getToken(vault));
    expect(error).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
    expect(error.message).not.toContain("eyJ");
  });
});

it("takes nobody where nobody is named and the default account is not wanted", async () => {
  const credential = scene.identity().credential("broker", { useDefaultBrokerAccount: false });
  expect(await failure(credential.getToken(vault))).toMatchObject({ outcome: "not-signed-in" });
  expect(scene.broker.calls).toEqual([]);
});

it("lets personal accounts pass where that is asked for", async () => {
  await scene.identity().credential("broker", { legacyEnableMsaPassthrough: true }).getToken(vault);
  const { authParameters } = Object(silentCalls()[0]?.body) as { authParameters: Record<string, unknown> };
  expect(authParameters).toMatchObject({
    authority: "https://login.microsoftonline.com/common",
    additionalQueryParametersForAuthorization: { msal_request_type: "consumer_passthrough" },
  });
});

it("takes the account of a record, and refuses a record of another application", async () => {
  await scene.broker.startKeyring();
  scene.broker.signIn(bernard.username);
  const record = {
    authority: "login.microsoftonline.com",
    homeAccountId: homeIdOf(ann),
    clientId: clients.developer,
    tenantId: scene.emulator.tenantId,
    username: ann.username,
  };
  const identity = scene.identity();
  const own = identity.credential("broker", { authenticationRecord: record });
  expect(claimsOf((await own.getToken(vault)).token).oid).toBe(ann.objectId);
  const foreign = identity.credential("broker", { authenticationRecord: { ...record, clientId: clients.editor } });
  expect(await failure(foreign.getToken(vault))).toMatchObject({
    outcome: "misconfigured",
    code: "foreign-authentication-record",
  });
});
