/** The official clients sign users in at the emulator, and a person without a window does what its pages ask. */
import {
  AuthorizationCodeCredential,
  DeviceCodeCredential,
  type DeviceCodeInfo,
  InteractiveBrowserCredential,
  type TokenCredential,
  UsernamePasswordCredential,
} from "@azure/identity";
import {
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  PublicClientApplication,
} from "@azure/msal-node";
import type { JWTPayload } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Emulator, SignedIn, SignInOptions } from "../src/index.ts";
import { createBrowserCommand } from "./support/browser-command.ts";
import {
  ann,
  authorizeUrl,
  ben,
  desktop,
  redirectUri,
  startWithPeople,
  storage,
  vault,
  web,
} from "./support/people.ts";
import { trust } from "./support/trust.ts";
import { verify } from "./support/verify.ts";

const carl = { username: "carl@fabrikam.example" };

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithPeople();
  trust(emulator);
});
beforeEach(() => {
  emulator.requests.clear();
  emulator.faults.clear();
  emulator.policies.clear();
});
afterAll(() => emulator.close());

const own = () => ({ authorityHost: emulator.authorityHost, disableInstanceDiscovery: true });
const ofStorage = (token = "") => verify(emulator, token, "https://storage.azure.com");
const ofVault = (token = "") => verify(emulator, token, "https://vault.azure.net");
const grantTypes = () => emulator.requests.to("/token").map(({ form }) => form.grant_type);

/** The claims of a first token, and of one for another resource, for which nobody is asked. */
async function twoTokens(credential: TokenCredential): Promise<readonly [JWTPayload, JWTPayload]> {
  const first = await credential.getToken(storage);
  const second = await credential.getToken(vault);
  return [await ofStorage(first?.token), await ofVault(second?.token)];
}

describe("DeviceCodeCredential", () => {
  const create = (options: SignInOptions, tenantId = emulator.tenantId) => {
    const ends: Promise<unknown>[] = [];
    const credential = new DeviceCodeCredential({
      ...own(),
      clientId: desktop.clientId,
      tenantId,
      userPromptCallback: ({ userCode }: DeviceCodeInfo) => void ends.push(emulator.signInAtDevice(userCode, options)),
    });
    return { credential, ends };
  };

  it("gets tokens once the person has agreed, and asks nobody for another resource", async () => {
    const { credential, ends } = create({ account: ann.username });
    const [first, second] = await twoTokens(credential);
    expect([first.oid, second.oid]).toEqual([ann.objectId, ann.objectId]);
    expect(await Promise.all(ends)).toEqual([{ approved: true, steps: ["account", "password", "confirm"] }]);
    expect(grantTypes().at(-1)).toBe("refresh_token");
  });

  it("signs in a person of whatever tenant", async () => {
    const { credential } = create({ account: carl.username }, "organizations");
    expect(await twoTokens(credential)).toMatchObject([{ upn: carl.username }, { upn: carl.username }]);
  });

  it("is told that the person has declined", async () => {
    const { credential } = create({ decline: "confirm" });
    await expect(credential.getToken(storage)).rejects.toThrow(/authorization_declined/);
  });

  it("asks again where a policy wants more", async () => {
    const { credential, ends } = create({ account: ann.username });
    await credential.getToken(vault);
    emulator.policies.add({ demands: "second-factor" });
    const { token } = await credential.getToken(storage);
    expect(await ofStorage(token)).toMatchObject({ amr: ["pwd", "mfa"] });
    expect(await Promise.all(ends)).toMatchObject([
      { steps: ["account", "password", "confirm"] },
      { steps: ["account", "password", "second-factor", "confirm"] },
    ]);
  });
});

/** It opens the system's browser, which on Linux is what the variable BROWSER names. */
describe.skipIf(process.platform !== "linux")("InteractiveBrowserCredential", () => {
  async function withBrowser(options: SignInOptions, use: (ends: Promise<SignedIn>[]) => Promise<void>): Promise<void> {
    const ends: Promise<SignedIn>[] = [];
    const browser = await createBrowserCommand((url) => ends.push(emulator.signIn(url, { ...options, follow: true })));
    try {
      vi.stubEnv("BROWSER", browser.path);
      await use(ends);
    } finally {
      vi.unstubAllEnvs();
      browser.remove();
    }
  }
  const create = (tenantId = emulator.tenantId) =>
    new InteractiveBrowserCredential({ ...own(), clientId: desktop.clientId, tenantId });

  it.each([
    ["the tenant", ann.username],
    ["organizations", carl.username],
  ])("gets tokens under %s, and asks nobody for another resource", async (name, account) => {
    await withBrowser({ account }, async (ends) => {
      const credential = create(name === "organizations" ? name : undefined);
      expect(await twoTokens(credential)).toMatchObject([{ upn: account }, { upn: account }]);
      const [end] = await Promise.all(ends);
      expect(end).toMatchObject({ method: "POST", steps: ["account", "password"], answer: { status: 200 } });
      expect(grantTypes()).toEqual(["authorization_code", "refresh_token"]);
    });
  });

  it("is told that the person has declined", async () => {
    await withBrowser({ decline: true }, async () => {
      await expect(create().getToken(storage)).rejects.toThrow(/access_denied/);
    });
  });

  it("refuses an answer to another question", async () => {
    emulator.faults.add({ path: "/token", claims: { id_token: { nonce: "another" } } });
    await withBrowser({}, async () => {
      await expect(create().getToken(storage)).rejects.toThrow(/nonce_mismatch/);
    });
  });
});

describe("AuthorizationCodeCredential", () => {
  it("gets tokens for a code, and asks nobody for another resource", async () => {
    const { parameters } = await emulator.signIn(authorizeUrl(emulator), { account: ann.username });
    const { code = "" } = parameters;
    const credential = new AuthorizationCodeCredential(emulator.tenantId, desktop.clientId, code, redirectUri, own());
    expect(await twoTokens(credential)).toMatchObject([{ oid: ann.objectId }, { oid: ann.objectId }]);
    expect(grantTypes()).toEqual(["authorization_code", "refresh_token"]);
  });

  it("is a web application, too", async () => {
    const { clientId, redirectUris } = web;
    const [redirect_uri = ""] = redirectUris;
    const { parameters } = await emulator.signIn(authorizeUrl(emulator, { client_id: clientId, redirect_uri }));
    const create = (secret: string) =>
      new AuthorizationCodeCredential(emulator.tenantId, clientId, secret, parameters.code ?? "", redirect_uri, own());
    await expect(create("wrong").getToken(storage)).rejects.toThrow(/AADSTS7000215/);
    expect(await twoTokens(create("web-s3cret"))).toMatchObject([{ appidacr: "1" }, { appidacr: "1" }]);
    await expect(create("web-s3cret").getToken(storage)).rejects.toThrow(/AADSTS54005/);
  });
});

describe("UsernamePasswordCredential", () => {
  const create = (username: string, password: string, tenantId = emulator.tenantId) =>
    new UsernamePasswordCredential(tenantId, desktop.clientId, username, password, own());

  it("signs a user in, and remembers the user for another resource", async () => {
    const [first, second] = await twoTokens(create(ann.username, ann.password));
    expect([first, second]).toMatchObject([{ appid: desktop.clientId, oid: ann.objectId }, { oid: ann.objectId }]);
    expect(grantTypes()).toEqual(["password", "refresh_token"]);
  });

  it("finds the tenant by the user", async () => {
    const credential = create(carl.username, "Carl-s3cret", "organizations");
    expect(await ofStorage((await credential.getToken(storage)).token)).toMatchObject({ upn: carl.username });
  });

  it.each([
    ["with a wrong password", "wrong", /AADSTS50126/, []],
    ["where a second factor is needed", ann.password, /AADSTS50076/, [{ demands: "second-factor" as const }]],
  ])("is refused %s", async (_, password, message, policies) => {
    emulator.policies.add(...policies);
    await expect(create(ann.username, password).getToken(storage)).rejects.toThrow(message);
  });
});

describe("msal-node", () => {
  const auth = (tenant = emulator.tenantId) => ({
    authority: `${emulator.authorityHost}/${tenant}`,
    knownAuthorities: [new URL(emulator.authorityHost).host],
  });
  const createClient = (tenant?: string) =>
    new PublicClientApplication({ auth: { clientId: desktop.clientId, ...auth(tenant) } });
  const interactive = (options: SignInOptions, ends: Promise<SignedIn>[] = []) => ({
    scopes: [storage],
    openBrowser: async (url: string) => void ends.push(emulator.signIn(url, { ...options, follow: true })),
  });

  it.each(["the tenant", "common"])("exchanges a code under %s, and is silent from then on", async (name) => {
    const client = createClient(name === "common" ? name : undefined);
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const asked = { scopes: [storage], redirectUri };
    const proof = { codeChallenge: challenge, codeChallengeMethod: "S256", nonce: "a nonce" };
    const { parameters } = await emulator.signIn(await client.getAuthCodeUrl({ ...asked, ...proof }), {
      account: ann.username,
    });
    const { code = "" } = parameters;
    const first = await client.acquireTokenByCode({ ...asked, code, codeVerifier: verifier, nonce: "a nonce" });
    const account = first.account ?? expect.fail("no account");
    const second = await client.acquireTokenSilent({ account, scopes: [vault] });

    expect(await ofStorage(first.accessToken)).toMatchObject({ oid: ann.objectId });
    expect(await ofVault(second.accessToken)).toMatchObject({ oid: ann.objectId });
    expect(account).toMatchObject({
      homeAccountId: `${ann.objectId}.${emulator.tenantId}`,
      username: ann.username,
      name: ann.displayName,
    });
  });

  it("exchanges a code for a web application, which has a secret and asks for no resource", async () => {
    const [address = ""] = web.redirectUris;
    const client = new ConfidentialClientApplication({
      auth: { clientId: web.clientId, clientSecret: "web-s3cret", ...auth() },
    });
    const asked = { scopes: [], redirectUri: address };
    const { parameters } = await emulator.signIn(await client.getAuthCodeUrl(asked), { account: ann.username });
    const { account } = await client.acquireTokenByCode({ ...asked, code: parameters.code ?? "" });
    expect(account).toMatchObject({ username: ann.username });
  });

  it("signs in by browser; the page that the person sees last is its own", async () => {
    const ends: Promise<SignedIn>[] = [];
    const options = { ...interactive({ account: ben.username }, ends), successTemplate: "<p>Welcome back</p>" };
    const { account } = await createClient().acquireTokenInteractive(options);
    expect(account?.username).toBe(ben.username);
    expect((await ends[0])?.answer?.body).toContain("Welcome back");
  });

  it("gets, signed in to one tenant, tokens of another in which the person is a guest", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const { authority } = auth("fabrikam.example");
    // of the same scopes it would hand out the token of the first tenant: its cache goes by the account's tenant
    const request = { account: account ?? expect.fail("no account"), scopes: [vault], authority };
    const guest = await client.acquireTokenSilent(request);
    const { oid, tid } = await ofVault(guest.accessToken);
    expect([oid === ann.objectId, tid === emulator.tenantId]).toEqual([false, false]);
    expect(guest.account?.homeAccountId).toBe(account?.homeAccountId);
  });

  it("takes from its cache what it has asked for before", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const request = { account: account ?? expect.fail("no account"), scopes: [storage] };
    expect((await client.acquireTokenSilent(request)).fromCache).toBe(true);
  });

  it("learns what to ask the person for when a policy wants more", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const request = { account: account ?? expect.fail("no account"), scopes: [vault] };
    emulator.policies.add({ demands: "second-factor", resource: "https://vault.azure.net" });
    const refused = await client.acquireTokenSilent(request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InteractionRequiredAuthError);
    const { claims } = refused as InteractionRequiredAuthError;
    expect(JSON.parse(claims)).toHaveProperty("access_token.capolids");

    const ends: Promise<SignedIn>[] = [];
    const again = { ...interactive({ account: ann.username }, ends), scopes: [vault], claims };
    const { accessToken } = await client.acquireTokenInteractive(again);
    expect(await ofVault(accessToken)).toMatchObject({ amr: ["pwd", "mfa"] });
    expect((await ends[0])?.steps).toContain("second-factor");
  });

  it("drops a refresh token that was revoked", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const request = { account: account ?? expect.fail("no account"), scopes: [vault] };
    emulator.revokeSession(ann.objectId);
    await expect(client.acquireTokenSilent(request)).rejects.toMatchObject({ subError: "bad_token" });
    await expect(client.acquireTokenSilent(request)).rejects.toMatchObject({ errorCode: "no_tokens_found" });
  });

  it("signs in by device code", async () => {
    const result = await createClient("organizations").acquireTokenByDeviceCode({
      scopes: [storage],
      deviceCodeCallback: ({ userCode }) => void emulator.signInAtDevice(userCode, { account: carl.username }),
    });
    expect(await ofStorage(result?.accessToken)).toMatchObject({ upn: carl.username });
  });
});
