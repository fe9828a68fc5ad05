import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ann,
  authorizeUrl,
  ben,
  type Changes,
  desktop,
  exchangeCode,
  pkce,
  redirectUri,
  refresh,
  startWithUsers,
  storage,
  vault,
  web,
} from "../../../test/support/users.ts";
import type { Emulator } from "../../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithUsers();
});
beforeEach(() => {
  emulator.policies.clear();
  emulator.clock.set(1_800_000_000_000);
});
afterAll(() => emulator.close());

const granted = "https://vault.azure.net/user_impersonation https://vault.azure.net/.default";

async function signIn(changes: Changes = {}, options = {}, tenant?: string): Promise<string | undefined> {
  return (await emulator.signIn(authorizeUrl(emulator, changes, tenant), options)).parameters.code;
}

it("an authorization code is exchanged for tokens with the claims of the user", async () => {
  const code = await signIn({ nonce: "a nonce" });
  const answer = await exchangeCode(emulator, code);
  expect(answer).toMatchObject({ token_type: "Bearer", scope: granted });
  expect(decodeJwt(answer.access_token ?? "")).toMatchObject({
    aud: "https://vault.azure.net",
    appid: desktop.clientId,
    oid: ann.objectId,
    upn: ann.username,
    name: ann.displayName,
    scp: "user_impersonation",
    amr: ["pwd"],
  });
  expect(decodeJwt(answer.id_token ?? "")).toMatchObject({
    aud: desktop.clientId,
    iss: `${emulator.authorityHost}/${emulator.tenantId}/v2.0`,
    nonce: "a nonce",
    preferred_username: ann.username,
    auth_time: 1_800_000_000,
  });
  expect(JSON.parse(Buffer.from(answer.client_info ?? "", "base64url").toString())).toEqual({
    uid: ann.objectId,
    utid: emulator.tenantId,
  });
});

it("an authorization code produces an ID token without a nonce if the request had none", async () => {
  const { id_token } = await exchangeCode(emulator, await signIn());
  expect(decodeJwt(id_token ?? "")).not.toHaveProperty("nonce");
});

it("an authorization code is valid once", async () => {
  const code = await signIn();
  expect((await exchangeCode(emulator, code)).access_token).toBeDefined();
  expect((await exchangeCode(emulator, code)).error_codes).toEqual([54005]);
});

it("an authorization code is valid for ten minutes", async () => {
  const [early, late] = [await signIn(), await signIn()];
  emulator.clock.advance(599_000);
  expect((await exchangeCode(emulator, early)).access_token).toBeDefined();
  emulator.clock.advance(1_000);
  expect((await exchangeCode(emulator, late)).error_codes).toEqual([70008]);
});

it("an authorization code is valid only for the client, the redirect URI and the tenant that it was issued for", async () => {
  const code = await signIn();
  const other = { client_id: web.clientId, client_secret: "web-s3cret" };
  expect((await exchangeCode(emulator, code, other)).error_codes).toEqual([70000]);
  expect((await exchangeCode(emulator, code, { redirect_uri: `${redirectUri}/` })).error_codes).toEqual([500112]);
  expect((await exchangeCode(emulator, code, {}, "fabrikam.example")).error_codes).toEqual([700005]);
  expect((await exchangeCode(emulator, "made up")).error_codes).toEqual([70000]);
  expect((await exchangeCode(emulator, code)).access_token).toBeDefined();
});

it.each([
  [{ code: undefined }, 900144],
  [{ redirect_uri: undefined }, 900144],
  [{ client_id: undefined }, 900144],
  [{ scope: `${vault} ${storage}` }, 28000],
  [{ scope: "https://unknown.example/.default" }, 500011],
] as const)("an authorization code cannot be exchanged with %j", async (changes, code) => {
  expect((await exchangeCode(emulator, await signIn(), changes)).error_codes).toEqual([code]);
});

it("an authorization code is exchanged for a token for the resource of the sign-in or for another one", async () => {
  const several = await exchangeCode(emulator, await signIn({ scope: `${storage} ${vault}` }), { scope: vault });
  const openId = await exchangeCode(emulator, await signIn({ scope: "openid profile" }));
  const short = await exchangeCode(emulator, await signIn({ scope: "User.Read" }));
  expect([several, openId, short].map(({ scope }) => scope)).toEqual([granted, "openid profile", "User.Read"]);
});

it("an authorization code is refused after the session of the user was revoked", async () => {
  const code = await signIn();
  emulator.revokeSession(ann.objectId);
  expect(await exchangeCode(emulator, code)).toMatchObject({ error_codes: [50173], suberror: "bad_token" });
});

it("an authorization code can be exchanged under a shared name", async () => {
  const code = await signIn({}, { account: "carl@fabrikam.example" }, "organizations");
  const { access_token } = await exchangeCode(emulator, code, {}, "organizations");
  expect(decodeJwt(access_token ?? "")).toMatchObject({ upn: "carl@fabrikam.example" });
});

describe("a proof key (PKCE)", () => {
  const challenge = { code_challenge: pkce.challenge, code_challenge_method: "S256" };
  const plain = { code_challenge: pkce.verifier };

  it.each([
    [challenge, { code_verifier: pkce.verifier }, undefined],
    [challenge, { code_verifier: "w".repeat(43) }, 501481],
    [challenge, { code_verifier: pkce.challenge }, 501481],
    [challenge, {}, 501481],
    [plain, { code_verifier: pkce.verifier }, undefined],
    [{ ...plain, code_challenge_method: "plain" }, { code_verifier: pkce.verifier }, undefined],
    [plain, { code_verifier: pkce.challenge }, 501481],
    [{}, {}, undefined],
    [{}, { code_verifier: pkce.verifier }, 501481],
  ] as const)("a proof key (PKCE) of %j is checked against the verifier %j", async (asked, given, code) => {
    const { error_codes: [refused] = [] } = await exchangeCode(emulator, await signIn(asked), given);
    expect(refused).toBe(code);
  });

  it("a proof key (PKCE) that was wrong leaves the code valid", async () => {
    const code = await signIn(challenge);
    await exchangeCode(emulator, code, { code_verifier: "w".repeat(43) });
    expect((await exchangeCode(emulator, code, { code_verifier: pkce.verifier })).access_token).toBeDefined();
  });
});

describe("a web application", () => {
  const [redirect_uri = ""] = web.redirectUris;
  const own = { client_id: web.clientId, redirect_uri };

  it("a web application has to authenticate to exchange a code", async () => {
    const code = await signIn(own);
    expect((await exchangeCode(emulator, code, own)).error_codes).toEqual([7000218]);
    expect((await exchangeCode(emulator, code, { ...own, client_secret: "wrong" })).error_codes).toEqual([7000215]);
    const { access_token } = await exchangeCode(emulator, code, { ...own, client_secret: "web-s3cret" });
    expect(decodeJwt(access_token ?? "")).toMatchObject({ appid: web.clientId, appidacr: "1" });
  });

  it("a web application is the only kind of client that may send a secret", async () => {
    const code = await signIn();
    expect((await exchangeCode(emulator, code, { client_secret: "x" })).error_codes).toEqual([700025]);
  });
});

describe("the claims of a sign-in", () => {
  const cp1 = { access_token: { xms_cc: { values: ["cp1"] } } };
  const c1 = { access_token: { acrs: { essential: true, value: "c1" } } };

  it("the claims of a sign-in are taken from the token request, or else from the authorization request", async () => {
    const said = async (signInClaims?: object, tokenClaims?: object) => {
      const text = (claims?: object) => ({ claims: claims && JSON.stringify(claims) });
      const code = await signIn(text(signInClaims));
      return decodeJwt((await exchangeCode(emulator, code, text(tokenClaims))).access_token ?? "").xms_cc;
    };
    expect(await said(cp1)).toEqual(["cp1"]);
    expect(await said(undefined, cp1)).toEqual(["cp1"]);
    expect(await said()).toBeUndefined();
  });

  it("the claims of a sign-in produce an acrs claim when an authentication context was satisfied", async () => {
    const tokens = await exchangeCode(emulator, await signIn({ claims: JSON.stringify(c1) }));
    expect(decodeJwt(tokens.access_token ?? "")).toMatchObject({ acrs: ["c1"], amr: ["pwd", "mfa"] });
    const silent = await refresh(emulator, tokens, { claims: JSON.stringify(c1) });
    expect(decodeJwt(silent.access_token ?? "")).toMatchObject({ acrs: ["c1"], amr: ["pwd", "mfa"] });
  });

  it("the claims of a sign-in are refused for an earlier sign-in, with the claims to sign in again", async () => {
    const tokens = await exchangeCode(emulator, await signIn());
    const refused = await refresh(emulator, tokens, { claims: JSON.stringify(c1) });
    expect(refused).toMatchObject({ error: "interaction_required", suberror: "basic_action", error_codes: [50076] });
    const code = await signIn({ claims: refused.claims });
    expect(decodeJwt((await exchangeCode(emulator, code)).access_token ?? "")).toMatchObject({ acrs: ["c1"] });
  });
});

it("a conditional access policy refuses silent calls until the second factor was given", async () => {
  const tokens = await exchangeCode(emulator, await signIn());
  emulator.policies.add({ grantControl: "mfa", resource: "https://vault.azure.net" });
  const refused = await refresh(emulator, tokens);
  expect(refused).toMatchObject({ error_codes: [50076], suberror: "basic_action" });
  expect(JSON.parse(refused.claims ?? "")).toEqual({
    access_token: { capolids: { essential: true, values: [expect.any(String)] } },
  });
  expect((await refresh(emulator, tokens, { scope: storage })).access_token).toBeDefined();
  const again = await exchangeCode(emulator, await signIn({ claims: refused.claims }));
  expect(decodeJwt(again.access_token ?? "").amr).toEqual(["pwd", "mfa"]);
  expect((await refresh(emulator, again)).access_token).toBeDefined();
});

it("a conditional access policy requires a user without a second factor to enroll, and refuses everyone where it blocks", async () => {
  const tokens = await exchangeCode(emulator, await signIn({}, { account: ben.username }));
  emulator.policies.add({ grantControl: "mfa", username: ben.username });
  expect(await refresh(emulator, tokens)).toMatchObject({ error_codes: [50079], suberror: "additional_action" });
  emulator.policies.add({ grantControl: "block", clientId: desktop.clientId });
  expect(await refresh(emulator, tokens)).toMatchObject({ error_codes: [53003], suberror: "message_only" });
});
