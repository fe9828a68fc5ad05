import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ann, authorizeUrl, ben, redirectUri, startWithUsers } from "../../../test/support/users.ts";
import type { Browser } from "../../browser/browser.ts";
import type { Emulator } from "../../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithUsers();
});
afterAll(() => emulator.close());

const signOutUrl = (parameters: Record<string, string>, tenant = emulator.tenantId) =>
  `${emulator.authorityHost}/${tenant}/oauth2/v2.0/logout?${new URLSearchParams(parameters)}`;

async function browserOfTwo(): Promise<Browser> {
  const browser = emulator.openBrowser();
  await browser.signIn(authorizeUrl(emulator), { account: ann.username });
  await browser.signIn(authorizeUrl(emulator, { prompt: "select_account" }), { account: ben.username });
  return browser;
}
/** The user that the browser signs in without a page. */
async function silent(browser: Browser, username: string): Promise<boolean> {
  const url = authorizeUrl(emulator, { prompt: "none", login_hint: username });
  return (await browser.signIn(url)).parameters.code !== undefined;
}

it.each([
  ["every user without a hint", {}, [false, false]],
  ["the user of a logout_hint", { logout_hint: "ANN@contoso.example" }, [false, true]],
  [
    "the user of an id_token_hint",
    { id_token_hint: new UnsecuredJWT({ preferred_username: ben.username }).encode() },
    [true, false],
  ],
  ["every user with an invalid id_token_hint", { id_token_hint: "nonsense" }, [false, false]],
])("the sign-out signs out %s", async (_, parameters, left) => {
  const browser = await browserOfTwo();
  expect(await browser.open(signOutUrl(parameters))).toMatchObject({ title: "You have signed out" });
  expect([await silent(browser, ann.username), await silent(browser, ben.username)]).toEqual(left);
});

it("the page after the sign-out redirects to a registered URI, and to no other", async () => {
  const browser = emulator.openBrowser();
  const opened = async (uri: string, tenant?: string) =>
    browser.open(signOutUrl({ post_logout_redirect_uri: uri, state: "s t" }, tenant));
  expect(await opened(redirectUri)).toMatchObject({ url: `${redirectUri}/?state=s+t` });
  expect(await opened(redirectUri, "common")).toMatchObject({ url: `${redirectUri}/?state=s+t` });
  expect(await opened("https://evil.example/")).toEqual({ title: "You have signed out", url: undefined });
  expect(await opened(redirectUri, "nowhere.example")).toEqual({
    title: "Sorry, but we cannot sign you in",
    url: undefined,
  });
});
