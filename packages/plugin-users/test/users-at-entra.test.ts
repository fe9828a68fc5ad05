import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, createIdentities, errorOf, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DeviceCodeInfo } from "../src/index.ts";
import users from "../src/index.ts";
import { hurry } from "./user-answer.ts";

const clientId = "1d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d11";
const confidential = { clientId: "2d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d12", secrets: ["canary-secret"] };
const redirectUri = "http://localhost";
const ann = { username: "ann@contoso.example", password: "canary-ann", secondFactor: "246810" };
const ben = { username: "ben@contoso.example", password: "canary-ben" };
const storage = "https://storage.azure.com/.default";
const tenantB = "bbbbbbbb-0000-4000-8000-00000000000b";

let emulator: Emulator;
const identities = createIdentities(users, () => emulator);
beforeAll(async () => {
  const application = { clientId, publicClient: true, secrets: [], redirectUris: [redirectUri] };
  const guests = {
    tenantId: tenantB,
    applications: [application],
    users: [{ username: ann.username, guest: true }],
  } as const;
  emulator = await startEmulator({
    tenants: [
      { applications: [{}, application, { ...confidential, redirectUris: [redirectUri] }], users: [ann, ben] },
      guests,
    ],
  });
});
afterEach(async () => {
  await identities.close();
  emulator.policies.clear();
  emulator.faults.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const clock = () => ({ now: () => Date.now(), monotonic: () => performance.now(), ...hurry });

/** A device on which `account` signs in at the emulator. */
function atDevice(account: string, more: object = {}, options: object = {}) {
  const prompts: DeviceCodeInfo[] = [];
  const userPromptCallback = async (info: DeviceCodeInfo) => {
    prompts.push(info);
    await emulator.signInAtDevice(info.userCode, { account, ...more });
  };
  const identity = identities.make({ overrides: { clock: clock(), random: () => 0 } });
  return { prompts, credential: identity.credential("device-code", { clientId, userPromptCallback, ...options }) };
}

describe("a device code sign-in", () => {
  it("a device code sign-in serves every resource", async () => {
    const { prompts, credential } = atDevice(ben.username);
    const first = await credential.getToken(scope);
    const second = await credential.getToken(storage);
    expect([first, second].map(({ token }) => claimsOf(token).upn)).toEqual([ben.username, ben.username]);
    expect([first, second].map(({ token }) => claimsOf(token).aud)).toEqual([
      "https://vault.azure.net",
      "https://storage.azure.com",
    ]);
    expect(prompts).toHaveLength(1);
    expect(credential.explain.last?.principal).toMatchObject({ username: ben.username, tenantId: emulator.tenantId });
  });

  it("a device code sign-in fails when the user declines", async () => {
    const { credential } = atDevice(ben.username, { decline: "confirm" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "cancelled", code: "sign-in-declined" });
  });

  it("polls more slowly after each slow_down", async () => {
    const slow = { path: "token", status: 400, body: { error: "slow_down" }, times: 2 };
    emulator.faults.add(slow);
    const { credential } = atDevice(ben.username);
    expect(claimsOf((await credential.getToken(scope)).token).upn).toBe(ben.username);
  });

  it.each([
    ["429", { status: 429 }],
    ["a reset", { connection: "reset" }],
  ] as const)("a device code sign-in has signed in although a poll was answered by %s", async (_, fault) => {
    emulator.faults.add({ path: "token", ...fault });
    const { credential } = atDevice(ben.username);
    expect(claimsOf((await credential.getToken(scope)).token).upn).toBe(ben.username);
  });

  it("a device code sign-in is repeated after the sessions were revoked", async () => {
    const { prompts, credential } = atDevice(ben.username);
    const { token } = await credential.getToken(scope);
    emulator.revokeSession(claimsOf(token).oid);
    expect(claimsOf((await credential.getToken(storage)).token).upn).toBe(ben.username);
    expect(prompts).toHaveLength(2);
  });

  it("a device code sign-in is repeated for a resource that requires more, and stays valid for the others", async () => {
    const { prompts, credential } = atDevice(ann.username);
    await credential.getToken(storage);
    emulator.policies.add({ grantControl: "mfa", resource: "https://vault.azure.net" });
    expect(claimsOf((await credential.getToken(scope)).token).upn).toBe(ann.username);
    expect(prompts).toHaveLength(2);
    await credential.getToken("https://management.azure.com/.default");
    expect(prompts).toHaveLength(2);
  });

  it("a device code sign-in gets tokens of a tenant where the user is a guest", async () => {
    const { credential } = atDevice(ann.username, {}, { tenantId: "organizations" });
    const tids = [];
    for (const options of [{}, { tenantId: tenantB }, {}])
      tids.push(claimsOf((await credential.getToken(scope, options)).token).tid);
    expect(tids).toEqual([emulator.tenantId, tenantB, emulator.tenantId]);
  });

  it("stays valid when the user is unknown in another tenant, which the error says", async () => {
    const { prompts, credential } = atDevice(ben.username);
    await credential.getToken(scope);
    const error = await errorOf(credential.getToken(scope, { tenantId: tenantB }));
    expect(error).toMatchObject({ outcome: "rejected", code: "user-refused" });
    await credential.getToken(storage);
    expect(prompts).toHaveLength(1);
  });

  it("a device code sign-in is replaced by another user's, and later tokens are that user's", async () => {
    const users = [ann, ben];
    const { credential } = atDevice(
      "",
      {},
      {
        userPromptCallback: ({ userCode }: DeviceCodeInfo) =>
          emulator.signInAtDevice(userCode, { account: users.shift()?.username ?? "" }),
      },
    );
    expect(claimsOf((await credential.getToken(scope)).token).upn).toBe(ann.username);
    expect(await credential.authenticate(scope)).toMatchObject({ username: ben.username });
    const tokens = await Promise.all([scope, storage].map((one) => credential.getToken(one)));
    expect(tokens.map(({ token }) => claimsOf(token).upn)).toEqual([ben.username, ben.username]);
  });
});

/** What the sign-in page sends to a web application for ann. */
async function codeFor(application: string, changes: Record<string, string> = {}): Promise<string> {
  const query = {
    client_id: application,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: `${scope} openid profile offline_access`,
    state: "state",
    ...changes,
  };
  const url = `${emulator.authorityHost}/${emulator.tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`;
  const { parameters } = await emulator.signIn(url, { account: ann.username });
  return parameters.code ?? expect.fail(JSON.stringify(parameters));
}

const verifier = "v".repeat(43);
const challenge = process.getBuiltinModule("node:crypto").hash("sha256", verifier, "base64url");
const proofKey = { code_challenge: challenge, code_challenge_method: "S256" };

describe("an authorization code", () => {
  it.each([
    ["without a secret", { clientId, codeVerifier: verifier }, proofKey],
    ["with a secret", { clientId: confidential.clientId, clientSecret: confidential.secrets[0] }, {}],
  ])("an authorization code is redeemed once %s, and then the refresh token", async (_, options, asked) => {
    const authorizationCode = await codeFor(options.clientId, asked);
    const given = { ...options, authorizationCode, redirectUri };
    const credential = identities.make().credential("authorization-code", given);
    const tokens = [await credential.getToken(scope), await credential.getToken(storage)];
    expect(tokens.map(({ token }) => claimsOf(token).upn)).toEqual([ann.username, ann.username]);
    expect(emulator.requests.to("/token").map(({ form }) => form.grant_type)).toEqual([
      "authorization_code",
      "refresh_token",
    ]);
  });

  it.each([
    ["used twice", {}, "code-refused"],
    ["with a wrong verifier", { codeVerifier: "w".repeat(43) }, "code-refused"],
    ["with another redirect URI", { redirectUri: "http://localhost:1" }, "redirect-uri-refused"],
    ["with another nonce", { nonce: "another" }, "nonce-mismatch"],
  ])("%s is refused", async (what, changes, code) => {
    const authorizationCode = await codeFor(clientId, { ...proofKey, nonce: "nonce" });
    const options = { clientId, authorizationCode, redirectUri, codeVerifier: verifier, nonce: "nonce" };
    if (what === "used twice") await identities.make().credential("authorization-code", options).getToken(scope);
    const credential = identities.make().credential("authorization-code", { ...options, ...changes });
    const error = await errorOf(credential.getToken(scope));
    expect(error).toMatchObject({ code });
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(authorizationCode);
  });
});
