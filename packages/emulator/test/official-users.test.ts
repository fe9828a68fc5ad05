/** Microsoft's clients sign users in at the emulator, whose pages `emulator.signIn` fills in. */
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
import type { Emulator, SignInOptions, SignInOutcome } from "../src/index.ts";
import { createBrowserCommand } from "./support/browser-command.ts";
import { trust } from "./support/trust.ts";
import { ann, authorizeUrl, ben, desktop, redirectUri, startWithUsers, storage, vault, web } from "./support/users.ts";
import { verify } from "./support/verify.ts";

const carl = { username: "carl@fabrikam.example" };

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithUsers();
  return trust(emulator);
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

/** The claims of a first token, and of a token for another resource, which needs no prompt. */
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

  it("DeviceCodeCredential gets a token after the user has confirmed, and a token for another resource without a prompt", async () => {
    const { credential, ends } = create({ account: ann.username });
    const [first, second] = await twoTokens(credential);
    expect([first.oid, second.oid]).toEqual([ann.objectId, ann.objectId]);
    expect(await Promise.all(ends)).toEqual([{ approved: true, steps: ["account", "password", "confirm"] }]);
    expect(grantTypes().at(-1)).toBe("refresh_token");
  });

  it("DeviceCodeCredential signs in a user of any tenant", async () => {
    const { credential } = create({ account: carl.username }, "organizations");
    expect(await twoTokens(credential)).toMatchObject([{ upn: carl.username }, { upn: carl.username }]);
  });

  it("DeviceCodeCredential reports that the user has declined", async () => {
    const { credential } = create({ decline: "confirm" });
    await expect(credential.getToken(storage)).rejects.toThrow(/authorization_declined/);
  });

  it("DeviceCodeCredential prompts again if a policy requires a second factor", async () => {
    const { credential, ends } = create({ account: ann.username });
    await credential.getToken(vault);
    emulator.policies.add({ grantControl: "mfa" });
    const { token } = await credential.getToken(storage);
    expect(await ofStorage(token)).toMatchObject({ amr: ["pwd", "mfa"] });
    expect(await Promise.all(ends)).toMatchObject([
      { steps: ["account", "password", "confirm"] },
      { steps: ["account", "password", "second-factor", "confirm"] },
    ]);
  });
});

/** It opens the system browser, which on Linux is the program in the variable BROWSER. */
describe.skipIf(process.platform !== "linux")("InteractiveBrowserCredential", () => {
  async function withBrowser(
    options: SignInOptions,
    use: (ends: Promise<SignInOutcome>[]) => Promise<void>,
  ): Promise<void> {
    const ends: Promise<SignInOutcome>[] = [];
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
  ])(
    "InteractiveBrowserCredential gets a token under %s, and a token for another resource without a prompt",
    async (name, account) => {
      await withBrowser({ account }, async (ends) => {
        const credential = create(name === "organizations" ? name : undefined);
        expect(await twoTokens(credential)).toMatchObject([{ upn: account }, { upn: account }]);
        const [end] = await Promise.all(ends);
        expect(end).toMatchObject({ method: "POST", steps: ["account", "password"], answer: { status: 200 } });
        expect(grantTypes()).toEqual(["authorization_code", "refresh_token"]);
      });
    },
  );

  it("InteractiveBrowserCredential reports that the user has declined", async () => {
    await withBrowser({ decline: true }, async () => {
      await expect(create().getToken(storage)).rejects.toThrow(/access_denied/);
    });
  });

  it("InteractiveBrowserCredential rejects a response to another request", async () => {
    emulator.faults.add({ path: "/token", claims: { id_token: { nonce: "another" } } });
    await withBrowser({}, async () => {
      await expect(create().getToken(storage)).rejects.toThrow(/nonce_mismatch/);
    });
  });
});

it("AuthorizationCodeCredential gets a token for a code, and a token for another resource without a prompt", async () => {
  const { parameters } = await emulator.signIn(authorizeUrl(emulator), { account: ann.username });
  const { code = "" } = parameters;
  const credential = new AuthorizationCodeCredential(emulator.tenantId, desktop.clientId, code, redirectUri, own());
  expect(await twoTokens(credential)).toMatchObject([{ oid: ann.objectId }, { oid: ann.objectId }]);
  expect(grantTypes()).toEqual(["authorization_code", "refresh_token"]);
});

it("AuthorizationCodeCredential authenticates as a web application with a secret", async () => {
  const { clientId, redirectUris } = web;
  const [redirect_uri = ""] = redirectUris;
  const { parameters } = await emulator.signIn(authorizeUrl(emulator, { client_id: clientId, redirect_uri }));
  const create = (secret: string) =>
    new AuthorizationCodeCredential(emulator.tenantId, clientId, secret, parameters.code ?? "", redirect_uri, own());
  await expect(create("wrong").getToken(storage)).rejects.toThrow(/AADSTS7000215/);
  expect(await twoTokens(create("web-s3cret"))).toMatchObject([{ appidacr: "1" }, { appidacr: "1" }]);
  await expect(create("web-s3cret").getToken(storage)).rejects.toThrow(/AADSTS54005/);
});

describe("UsernamePasswordCredential", () => {
  const create = (username: string, password: string, tenantId = emulator.tenantId) =>
    new UsernamePasswordCredential(tenantId, desktop.clientId, username, password, own());

  it("UsernamePasswordCredential signs a user in, and gets a token for another resource without a password", async () => {
    const [first, second] = await twoTokens(create(ann.username, ann.password));
    expect([first, second]).toMatchObject([{ appid: desktop.clientId, oid: ann.objectId }, { oid: ann.objectId }]);
    expect(grantTypes()).toEqual(["password", "refresh_token"]);
  });

  it("UsernamePasswordCredential finds the tenant of the user under a shared name", async () => {
    const credential = create(carl.username, "Carl-s3cret", "organizations");
    expect(await ofStorage((await credential.getToken(storage)).token)).toMatchObject({ upn: carl.username });
  });

  it.each([
    ["with a wrong password", "wrong", /AADSTS50126/, []],
    ["where a second factor is needed", ann.password, /AADSTS50076/, [{ grantControl: "mfa" as const }]],
  ])("UsernamePasswordCredential is refused %s", async (_, password, message, policies) => {
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
  const interactive = (options: SignInOptions, ends: Promise<SignInOutcome>[] = []) => ({
    scopes: [storage],
    openBrowser: async (url: string) => void ends.push(emulator.signIn(url, { ...options, follow: true })),
  });

  it.each(["the tenant", "common"])(
    "msal-node exchanges a code under %s, and then acquires tokens silently",
    async (name) => {
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
    },
  );

  it("msal-node exchanges a code for a web application with a secret and only OpenID scopes", async () => {
    const [address = ""] = web.redirectUris;
    const client = new ConfidentialClientApplication({
      auth: { clientId: web.clientId, clientSecret: "web-s3cret", ...auth() },
    });
    const asked = { scopes: [], redirectUri: address };
    const { parameters } = await emulator.signIn(await client.getAuthCodeUrl(asked), { account: ann.username });
    const { account } = await client.acquireTokenByCode({ ...asked, code: parameters.code ?? "" });
    expect(account).toMatchObject({ username: ann.username });
  });

  it("msal-node signs in by browser, and shows its own page at the end", async () => {
    const ends: Promise<SignInOutcome>[] = [];
    const options = { ...interactive({ account: ben.username }, ends), successTemplate: "<p>Welcome back</p>" };
    const { account } = await createClient().acquireTokenInteractive(options);
    expect(account?.username).toBe(ben.username);
    expect((await ends[0])?.answer?.body).toContain("Welcome back");
  });

  it("msal-node gets tokens of another tenant in which the user is a guest", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const { authority } = auth("fabrikam.example");
    // for the same scopes it would return the token of the first tenant: its cache key is the
    // tenant of the account
    const request = { account: account ?? expect.fail("no account"), scopes: [vault], authority };
    const guest = await client.acquireTokenSilent(request);
    const { oid, tid } = await ofVault(guest.accessToken);
    expect([oid === ann.objectId, tid === emulator.tenantId]).toEqual([false, false]);
    expect(guest.account?.homeAccountId).toBe(account?.homeAccountId);
  });

  it("msal-node returns an earlier token from its cache", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const request = { account: account ?? expect.fail("no account"), scopes: [storage] };
    expect((await client.acquireTokenSilent(request)).fromCache).toBe(true);
  });

  it("msal-node receives the claims to sign in with if a policy requires a second factor", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const request = { account: account ?? expect.fail("no account"), scopes: [vault] };
    emulator.policies.add({ grantControl: "mfa", resource: "https://vault.azure.net" });
    const refused = await client.acquireTokenSilent(request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InteractionRequiredAuthError);
    const { claims } = refused as InteractionRequiredAuthError;
    expect(JSON.parse(claims)).toHaveProperty("access_token.capolids");

    const ends: Promise<SignInOutcome>[] = [];
    const again = { ...interactive({ account: ann.username }, ends), scopes: [vault], claims };
    const { accessToken } = await client.acquireTokenInteractive(again);
    expect(await ofVault(accessToken)).toMatchObject({ amr: ["pwd", "mfa"] });
    expect((await ends[0])?.steps).toContain("second-factor");
  });

  it("msal-node drops a refresh token that was revoked", async () => {
    const client = createClient();
    const { account } = await client.acquireTokenInteractive(interactive({ account: ann.username }));
    const request = { account: account ?? expect.fail("no account"), scopes: [vault] };
    emulator.revokeSession(ann.objectId);
    await expect(client.acquireTokenSilent(request)).rejects.toMatchObject({ subError: "bad_token" });
    await expect(client.acquireTokenSilent(request)).rejects.toMatchObject({ errorCode: "no_tokens_found" });
  });

  it("msal-node signs in by device code", async () => {
    const result = await createClient("organizations").acquireTokenByDeviceCode({
      scopes: [storage],
      deviceCodeCallback: ({ userCode }) => void emulator.signInAtDevice(userCode, { account: carl.username }),
    });
    expect(await ofStorage(result?.accessToken)).toMatchObject({ upn: carl.username });
  });
});
