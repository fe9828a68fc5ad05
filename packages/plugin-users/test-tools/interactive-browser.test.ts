/** Sign-ins with a real Chromium that the source itself has started. */

import { createIdentity, type Identity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, errorOf, scope } from "@azidentity/test-support";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import users from "../src/index.ts";
import { type Chromium, createChromium, isInstalled } from "./chromium.ts";
import { look } from "./look.ts";

const greeter = "11111111-1111-4111-8111-111111111111";
const asker = "22222222-2222-4222-8222-222222222222";
const ann = { username: "ann@contoso.example", displayName: "Ann", password: "canary-ann", secondFactor: "246810" };
const ben = { username: "ben@contoso.example", displayName: "Ben", password: "canary-ben" };

/** Signs in as a user does: by the contents of the page. */
async function signInAs(page: Page, { username, password }: { username: string; password: string }) {
  await page.getByLabel("Account name").fill(username);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

describe.skipIf(!isInstalled)("a sign-in with Chromium", () => {
  let emulator: Emulator;
  let chromium: Chromium;
  let identityIn: (env: Readonly<Record<string, string>>) => Identity;
  let identity: Identity;

  beforeAll(async () => {
    const client = { publicClient: true, secrets: [] };
    const applications = [
      {},
      { ...client, clientId: greeter, displayName: "Greeter" },
      { ...client, clientId: asker, displayName: "Asker", adminConsent: false },
    ];
    emulator = await startEmulator({ tenants: [{ displayName: "Contoso", applications, users: [ann, ben] }] });
    chromium = createChromium(emulator.serverCertificate.certificate);
    const { authorityHost, tenantId, caCertificateFile: caFile } = emulator;
    const config = { config: false, plugins: [users], authorityHost, tenantId, http: { caFile } } as const;
    identityIn = (env) => createIdentity(config, { env: { PATH: process.env.PATH ?? "", ...env } });
    identity = identityIn({ BROWSER: chromium.command });
  });
  afterEach(async () => {
    emulator.policies.clear();
    await chromium.closeWindows();
  });
  afterAll(async () => {
    await identity?.close();
    await chromium?.close();
    await emulator?.close();
  });

  const credentialOf = (clientId: string, options = {}) =>
    identity.credential("interactive-browser", { clientId, ...options });

  it("a sign-in with Chromium shows the signed-in user, and then another one", async () => {
    const credential = credentialOf(greeter);
    for (const person of [ann, ben]) {
      const record = credential.authenticate(scope);
      const { page, close } = await chromium.opened();
      await heading(page, "Sign in");
      await signInAs(page, person);
      await heading(page, "You are signed in");
      await page.getByText(`Signed in as ${person.username}.`).waitFor();
      await look(page, "done");
      expect(await record).toMatchObject({ username: person.username });
      expect(claimsOf((await credential.getToken(scope)).token).upn).toBe(person.username);
      await close();
    }
  });

  it("offers the remembered account when openBrowser shows the page", async () => {
    const first = credentialOf(greeter).authenticate(scope);
    const { page, close } = await chromium.opened();
    await signInAs(page, ann);
    await heading(page, "You are signed in");
    const openBrowser = async (url: string) => void (await page.goto(url));
    const second = credentialOf(greeter, { openBrowser }).authenticate(scope);
    await heading(page, "Pick an account");
    await page.getByRole("button", { name: ann.username }).click();
    await heading(page, "You are signed in");
    expect(await second).toEqual(await first);
    await close();
  });

  it("succeeds after a wrong password and with a second factor", async () => {
    emulator.policies.add({ grantControl: "mfa" });
    const token = credentialOf(greeter, { loginHint: ann.username, redirectUri: "http://localhost/" }).getToken(scope);
    const { page, close } = await chromium.opened();
    await heading(page, "Enter your password");
    await page.getByLabel("Password").fill("canary-wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password").fill(ann.password);
    await page.keyboard.press("Enter");
    await heading(page, "Verify your identity");
    await page.getByLabel("Code").fill(ann.secondFactor);
    await page.keyboard.press("Enter");
    await heading(page, "You are signed in");
    expect(claimsOf((await token).token)).toMatchObject({ upn: ann.username });
    await close();
  });

  it("a sign-in with Chromium shows a failure page after the user declines", async () => {
    const failure = errorOf(credentialOf(asker).getToken(scope));
    const { page, close } = await chromium.opened();
    await signInAs(page, ann);
    await heading(page, "Permissions requested");
    await page.getByRole("button", { name: "Decline" }).click();
    await heading(page, "You are not signed in");
    await look(page, "failed");
    expect(await failure).toMatchObject({ name: "AbortError", code: "sign-in-declined" });
    await close();
  });

  it("a sign-in with Chromium ignores an old tab, which shows that it does not belong to the sign-in", async () => {
    const token = credentialOf(asker).getToken(scope);
    const { page, close } = await chromium.opened();
    const old = await page.context().newPage();
    const redirectUri = new URL(page.url()).searchParams.get("redirect_uri") ?? "";
    await old.goto(`${redirectUri}/?code=old&state=old`);
    await heading(old, "Nothing happened here");
    await look(old, "stray");
    await signInAs(page, ann);
    await page.getByRole("button", { name: "Accept" }).click();
    await heading(page, "You are signed in");
    expect(claimsOf((await token).token).appid).toBe(asker);
    await close();
  });

  it("a sign-in with Chromium goes on after the window is closed, until the caller aborts", async () => {
    const controller = new AbortController();
    const failure = errorOf(
      credentialOf(greeter, { loginHint: "unknown@contoso.example" }).getToken(scope, {
        abortSignal: controller.signal,
      }),
    );
    const { close } = await chromium.opened();
    await close();
    expect(await Promise.race([failure, Promise.resolve("still waiting")])).toBe("still waiting");
    controller.abort();
    expect(await failure).toMatchObject({ name: "AbortError", code: "cancelled" });
  });

  it("a sign-in with Chromium fails with browser-failed without a display", async () => {
    await using elsewhere = identityIn({ DISPLAY: ":9999" });
    const error = await errorOf(elsewhere.credential("interactive-browser", { clientId: greeter }).getToken(scope));
    expect(error).toMatchObject({ outcome: "not-installed", code: "browser-failed" });
    expect(error.message).toMatch(/\/xdg-open: it ended with exit code \d/);
  });
});
