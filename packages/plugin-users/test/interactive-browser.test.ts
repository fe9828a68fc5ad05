import { inspect } from "node:util";
import type { Identity } from "@azidentity/core";
import { createFakeClock } from "@azidentity/core/testing";
import { type Emulator, type SignInOptions, type SignInOutcome, startEmulator } from "@azidentity/emulator";
import { claimsOf, createIdentities, errorOf, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import users from "../src/index.ts";
import type { InteractiveBrowserOptions } from "../src/sources/interactive-browser.ts";
import { send } from "./browser-request.ts";
import { hurry } from "./user-answer.ts";

const clientId = "11111111-1111-4111-8111-111111111111";
const asking = "22222222-2222-4222-8222-222222222222";
const ann = { username: "ann@contoso.example", password: "canary-of-ann", secondFactor: "246810" };
const ben = { username: "ben@contoso.example", password: "canary-of-ben" };

let emulator: Emulator;
const identities = createIdentities(users, () => emulator);
beforeAll(async () => {
  const redirectUris = ["http://localhost", "http://127.0.0.1/signed-in"];
  const publicClient = { publicClient: true, secrets: [], redirectUris };
  emulator = await startEmulator({
    tenants: [
      {
        applications: [{}, { clientId, ...publicClient }, { clientId: asking, ...publicClient, adminConsent: false }],
        users: [ann, ben],
      },
    ],
  });
});
afterEach(async () => {
  emulator.faults.clear();
  emulator.policies.clear();
  await identities.close();
});
afterAll(() => emulator.close());

const credentialOf = (identity: Identity, options: InteractiveBrowserOptions = {}) =>
  identity.credential("interactive-browser", { clientId, ...options });

/** A browser whose user follows a script. */
function person(options: SignInOptions = {}) {
  const browser = emulator.openBrowser();
  const urls: string[] = [];
  const visit = Promise.withResolvers<SignInOutcome>();
  return {
    urls,
    /** How the first visit went; fails the test when it did not. */
    visit: visit.promise,
    /** What the person has read at its end. */
    lastPage: async () => (await visit.promise).answer?.body,
    openBrowser(url: string) {
      urls.push(url);
      browser.signIn(url, { account: ann.username, ...options, follow: true }).then(visit.resolve, visit.reject);
    },
  };
}

describe("a browser sign-in", () => {
  it("a browser sign-in gets tokens for the user, and shows the user a page that says so", async () => {
    const { openBrowser, lastPage } = person();
    const credential = credentialOf(identities.make(), { openBrowser });
    const { token } = await credential.getToken(scope);
    expect(claimsOf(token)).toMatchObject({ upn: ann.username, appid: clientId });
    expect(await lastPage()).toContain(`Signed in as ${ann.username}.`);
  });

  it("prompts once for all resources", async () => {
    const { openBrowser, urls } = person();
    const credential = credentialOf(identities.make(), { openBrowser });
    await Promise.all([scope, "https://storage.azure.com/.default"].map((one) => credential.getToken(one)));
    await credential.getToken("https://graph.microsoft.com/.default");
    expect(urls).toHaveLength(1);
  });

  it("a browser sign-in sends a new PKCE challenge, state and nonce each time, and requests a form response", async () => {
    const { openBrowser, urls } = person();
    const credential = credentialOf(identities.make(), { openBrowser });
    for (let n = 0; n < 2; n++) await credential.authenticate(scope);
    const [first, second] = urls.map((url) => Object.fromEntries(new URL(url).searchParams));
    expect(first).toMatchObject({
      response_type: "code",
      response_mode: "form_post",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      prompt: "select_account",
    });
    expect(first?.scope?.split(" ")).toEqual(expect.arrayContaining([scope, "openid", "offline_access"]));
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(first?.[name]).toMatch(/^[\w-]{43}$/);
      expect(first?.[name]).not.toBe(second?.[name]);
    }
  });

  it("a browser sign-in passes the options to the sign-in page", async () => {
    const { openBrowser, urls, lastPage } = person();
    const credential = credentialOf(identities.make(), {
      openBrowser,
      loginHint: ann.username,
      domainHint: "contoso.example",
      redirectUri: "http://127.0.0.1/signed-in",
      responseMode: "query",
      browserCustomizationOptions: { successMessage: "Back to <Orders>!" },
    });
    await credential.getToken(scope);
    const asked = Object.fromEntries(new URL(urls[0] ?? "").searchParams);
    expect(asked).toMatchObject({
      login_hint: ann.username,
      domain_hint: "contoso.example",
      prompt: "login",
      response_mode: "query",
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/signed-in$/),
    });
    expect(await lastPage()).toContain("Back to &lt;Orders&gt;!");
  });

  it("a browser sign-in is restarted by authenticate(), which accepts another user", async () => {
    const identity = identities.make();
    let name = ann.username;
    const credential = credentialOf(identity, {
      openBrowser: (url) => void emulator.signIn(url, { account: name, follow: true }),
    });
    const record = await credential.authenticate(scope);
    expect(record).toMatchObject({ username: ann.username, clientId, tenantId: emulator.tenantId });
    name = ben.username;
    expect(await credential.authenticate(scope)).toMatchObject({ username: ben.username });
    expect(claimsOf((await credential.getToken(scope)).token).upn).toBe(ben.username);
  });

  it("prompts the same user once more when Entra requires a second factor", async () => {
    const { openBrowser, urls } = person();
    const credential = credentialOf(identities.make(), { openBrowser });
    await credential.getToken(scope);
    emulator.policies.add({ grantControl: "mfa", resource: "https://storage.azure.com" });
    for (let n = 0; n < 2; n++) await credential.getToken("https://storage.azure.com/.default");
    expect(urls).toHaveLength(2);
    const asked = new URL(urls[1] ?? "").searchParams;
    expect([asked.get("login_hint"), asked.get("prompt")]).toEqual([ann.username, "login"]);
    await credential.getToken("https://graph.microsoft.com/.default");
    expect(urls).toHaveLength(2);
  });
});

it("a prompt for a signed-in user has that user's name instead of loginHint", async () => {
  const { openBrowser, urls } = person();
  const credential = credentialOf(identities.make(), { openBrowser, loginHint: ben.username });
  await credential.authenticate(scope);
  emulator.policies.add({ grantControl: "mfa", resource: "https://storage.azure.com" });
  const { token } = await credential.getToken("https://storage.azure.com/.default");
  expect(claimsOf(token).upn).toBe(ann.username);
  const hints = urls.map((url) => new URL(url).searchParams.get("login_hint"));
  expect(hints).toEqual([ben.username, ann.username]);
});

describe("a browser sign-in fails", () => {
  it.each(["account", "consent"] as const)("because the user declines at the page %s", async (decline) => {
    const { openBrowser, visit } = person({ decline });
    const credential = credentialOf(identities.make(), { clientId: asking, openBrowser });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({
      name: "AbortError",
      outcome: "cancelled",
      code: "sign-in-declined",
    });
    expect((await visit).steps.at(-1)).toBe(decline);
  });

  it("because a policy blocks the user, which is not reported as declined", async () => {
    emulator.policies.add({ grantControl: "block", username: ann.username });
    const { openBrowser, lastPage } = person({ decline: "refused" });
    const error = await errorOf(credentialOf(identities.make(), { openBrowser }).getToken(scope));
    expect(error).toMatchObject({ outcome: "interaction-required", code: "conditional-access" });
    expect(await lastPage()).toContain("AADSTS53003");
  });

  it("because the id_token has another nonce, and the page says so", async () => {
    emulator.faults.add({ path: "token", claims: { id_token: { nonce: "another" } } });
    const { openBrowser, lastPage } = person();
    const error = await errorOf(credentialOf(identities.make(), { openBrowser }).getToken(scope));
    expect(error).toMatchObject({ outcome: "rejected", code: "nonce-mismatch" });
    expect(await lastPage()).toContain("You are not signed in");
  });

  it("because another user signed in than expected, and the page says so", async () => {
    const { openBrowser, lastPage } = person({ account: ben.username });
    const home = { authority: "localhost", homeAccountId: `of-ann.${emulator.tenantId}`, clientId };
    const authenticationRecord = { ...home, tenantId: emulator.tenantId, username: ann.username };
    const credential = credentialOf(identities.make(), { openBrowser, authenticationRecord });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "rejected", code: "another-account" });
    expect(await lastPage()).toContain(`${ben.username} signed in instead of ${ann.username}.`);
  });

  it("because Entra refuses the code, which is not shown", async () => {
    emulator.faults.add({ path: "token", error: 54005 });
    const { openBrowser, visit, lastPage } = person();
    const error = await errorOf(credentialOf(identities.make(), { openBrowser }).getToken(scope));
    expect(error).toMatchObject({ outcome: "rejected", code: "code-refused" });
    const { code } = (await visit).parameters;
    expect(code).toMatch(/.{20}/);
    expect(inspect(error, { depth: 9 }) + (await lastPage())).not.toContain(code);
  });

  it("a browser sign-in fails as soon as the caller aborts, and its page is closed", async () => {
    const controller = new AbortController();
    let page = "";
    const credential = credentialOf(identities.make(), {
      openBrowser: (url) => {
        page = new URL(url).searchParams.get("redirect_uri") ?? "";
        controller.abort();
      },
    });
    const error = await errorOf(credential.getToken(scope, { abortSignal: controller.signal }));
    expect(error).toMatchObject({ name: "AbortError", code: "cancelled" });
    await expect.poll(async () => (await send(page)).status).toBe(0);
  });

  it("because the caller aborts while the code is redeemed, and the page says so", async () => {
    emulator.faults.add({ path: "token", connection: "hang" });
    const asked = () => emulator.requests.to("/token").length;
    const before = asked();
    const controller = new AbortController();
    const { openBrowser, lastPage } = person();
    const credential = credentialOf(identities.make(), { openBrowser });
    const failure = errorOf(credential.getToken(scope, { abortSignal: controller.signal }));
    await expect.poll(asked).toBeGreaterThan(before);
    controller.abort();
    expect(await failure).toMatchObject({ name: "AbortError", code: "cancelled" });
    expect(await lastPage()).toContain("<p>The program no longer waits for this sign-in.</p>");
  });

  it("because the user never returns, such as when the window was closed", async () => {
    const clock = createFakeClock();
    const opened = Promise.withResolvers<void>();
    const identity = identities.make({ overrides: { clock } });
    const failure = errorOf(credentialOf(identity, { openBrowser: () => opened.resolve() }).getToken(scope));
    await opened.promise;
    await clock.advance(600_000);
    expect(await failure).toMatchObject({ outcome: "timeout", code: "timeout" });
  });

  it("because prompts are disabled", async () => {
    const openBrowser = () => expect.unreachable();
    const credential = credentialOf(identities.make(), { openBrowser, disableAutomaticAuthentication: true });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({
      name: "AuthenticationRequiredError",
      scopes: [scope],
    });
  });

  it("because redirectUri is not a page on this machine", async () => {
    const credential = credentialOf(identities.make(), { redirectUri: "https://evil.example" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "invalid-redirect-uri" });
  });
});

describe("interactive-browser without a browser", () => {
  const overSsh = { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" };

  it("interactive-browser without a browser fails with the reason and a remedy", async () => {
    const error = await errorOf(credentialOf(identities.make({ env: overSsh })).getToken(scope));
    expect(error).toMatchObject({ name: "CredentialUnavailableError", outcome: "not-installed", code: "no-browser" });
    expect(error.message).toContain('fallback: "device-code"');
  });

  it.each([
    ["over SSH", overSsh],
    ["with a browser that exits at once", { BROWSER: "/bin/false" }],
  ])("falls back to a device code if the options say so: %s", async (_, env) => {
    const clock = { now: () => Date.now(), monotonic: () => performance.now(), ...hurry };
    const credential = credentialOf(identities.make({ env, overrides: { clock } }), {
      fallback: "device-code",
      userPromptCallback: ({ userCode }) => void emulator.signInAtDevice(userCode, { account: ann.username }),
    });
    const record = await credential.authenticate(scope);
    expect(record.username).toBe(ann.username);
    expect(claimsOf((await credential.getToken(scope)).token).upn).toBe(ann.username);
  });

  it("interactive-browser without a browser does not fall back to a device code after the user has declined", async () => {
    const { openBrowser } = person({ decline: "account" });
    const userPromptCallback = () => expect.unreachable();
    const credential = credentialOf(identities.make(), { openBrowser, fallback: "device-code", userPromptCallback });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "sign-in-declined" });
  });

  it("interactive-browser without a browser lets a chain go on to its next source", async () => {
    const token = { token: "of-the-next", expiresOnTimestamp: Date.now() + 3_600_000 };
    const chain = ["interactive-browser", { getToken: async () => token }];
    const identity = identities.make({ env: overSsh, chain: { chain } });
    expect((await identity.getToken(scope)).token).toBe("of-the-next");
  });
});

describe("the default chain", () => {
  it("the default chain has interactive-browser last, and only if it is enabled", async () => {
    const { openBrowser, urls } = person();
    const without = identities.make();
    expect((await errorOf(without.getToken(scope))).message).not.toContain("interactive-browser");
    const identity = identities.make({
      chain: { sources: { "interactive-browser": { enabled: true, clientId, openBrowser } } },
    });
    await identity.getToken(scope);
    expect(identity.explain.last).toMatchObject({
      winner: "interactive-browser",
      principal: { username: ann.username },
    });
    expect(identity.explain.last?.attempts.at(-1)?.source).toBe("interactive-browser");
    expect(urls).toHaveLength(1);
  });
});
