import { expect } from "vitest";
import { compare, type Row } from "./compare.ts";
import { ann, contoso, desktop, fabrikam, otherScope, scope } from "./directory.ts";
import { failure } from "./failure.ts";
import { startBrowser } from "./fake-browser.ts";
import { claimsOf, tokenRequests } from "./wire.ts";
import type { World } from "./world.ts";

const browserCredential = ({ create, entra }: World, options: object = {}) =>
  create("InteractiveBrowserCredential", { ...entra, tenantId: contoso, clientId: desktop.clientId, ...options });
const user = { account: ann.username };

/** A row with a browser; `pages` are those that the credential opened. */
const row = (behaviour: string, run: (world: World, pages: readonly URL[]) => unknown, expected: unknown): Row => ({
  behaviour: `InteractiveBrowserCredential ${behaviour}`,
  async run(world) {
    await using browser = await startBrowser(world, user);
    return await run(world, browser.pages);
  },
  expected,
});

const texts = { successMessage: "Back to the orders.", errorMessage: "Ask the help desk." };
/** Which texts of the program are on the last page, for a user who signs in or declines. */
const textsOn = (behaviour: string, decline: boolean, expected: unknown): Row => ({
  behaviour: `InteractiveBrowserCredential ${behaviour}`,
  async run(world) {
    await using browser = await startBrowser(world, { ...user, decline });
    const credential = browserCredential(world, { browserCustomizationOptions: texts });
    const result = await world.failure(() => credential.getToken(scope));
    const [page = ""] = await browser.lastPages();
    return { signedIn: result === "no failure", texts: Object.values(texts).filter((text) => page.includes(text)) };
  },
  expected,
});

if (process.platform === "linux") {
  compare("InteractiveBrowserCredential", [
    textsOn("shows successMessage to a user who has signed in", false, {
      signedIn: true,
      texts: [texts.successMessage],
    }),
    textsOn("shows errorMessage to a user who has declined", true, { signedIn: false, texts: [texts.errorMessage] }),
    {
      behaviour: "InteractiveBrowserCredential shows what browserCustomizationOptions have as HTML",
      async run(world) {
        await using browser = await startBrowser(world, user);
        const successMessage = "<html><title>Orders</title><h1>Back to the <b>orders</b>.</h1></html>";
        await browserCredential(world, { browserCustomizationOptions: { successMessage } }).getToken(scope);
        const [page = ""] = await browser.lastPages();
        return [page === successMessage, page.includes("<p>Back to the orders.</p>")];
      },
      expected: [true, false],
      ours: { expected: [false, true], documented: "a page of HTML is shown as text" },
    },
    row(
      "signs the user in at the page of the tenant, once",
      async (world, pages) => {
        const credential = browserCredential(world);
        const first = await credential.getToken(scope);
        const again = await credential.getToken(scope);
        const other = await credential.getToken(otherScope);
        const parameters = Object.fromEntries(pages[0]?.searchParams ?? []);
        const { client_id, response_type, prompt, code_challenge_method, redirect_uri = "" } = parameters;
        return {
          user: claimsOf(first).oid,
          pages: pages.map(({ pathname }) => pathname),
          parameters: { client_id, response_type, prompt, code_challenge_method },
          scopes: parameters.scope?.split(" ").sort(),
          host: new URL(redirect_uri).hostname,
          same: first.token === again.token,
          audience: claimsOf(other).aud,
          grants: tokenRequests(world.emulator).map(({ grant_type }) => grant_type),
        };
      },
      {
        user: ann.objectId,
        pages: [`/${contoso}/oauth2/v2.0/authorize`],
        parameters: {
          client_id: desktop.clientId,
          response_type: "code",
          prompt: "select_account",
          code_challenge_method: "S256",
        },
        scopes: [scope, "offline_access", "openid", "profile"],
        host: "localhost",
        same: true,
        audience: "https://storage.azure.com",
        grants: ["authorization_code", "refresh_token"],
      },
    ),
    row(
      "suggests the account of loginHint, and returns the user's record from authenticate",
      async (world, pages) => {
        const record = await browserCredential(world, { loginHint: ann.username }).authenticate(scope);
        const { login_hint, prompt } = Object.fromEntries(pages[0]?.searchParams ?? []);
        return { login_hint, prompt, record };
      },
      {
        login_hint: ann.username,
        prompt: "login",
        record: expect.objectContaining({
          username: ann.username,
          tenantId: contoso,
          clientId: desktop.clientId,
          homeAccountId: `${ann.objectId}.${contoso}`,
        }),
      },
    ),
    row(
      "with disableAutomaticAuthentication opens no page",
      async (world, pages) => {
        const credential = browserCredential(world, { disableAutomaticAuthentication: true });
        return { result: await world.failure(() => credential.getToken(scope)), pages: pages.length };
      },
      { result: failure("AuthenticationRequiredError", "automatic authentication has been disabled"), pages: 0 },
    ),
    row(
      "refuses another tenant and opens no page",
      async (world, pages) => {
        const credential = browserCredential(world);
        return {
          result: await world.failure(() => credential.getToken(scope, { tenantId: fabrikam })),
          pages: pages.length,
        };
      },
      { result: failure("CredentialUnavailableError", "not configured to acquire tokens for tenant"), pages: 0 },
    ),
  ]);
}
