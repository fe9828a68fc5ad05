/**
 * The sign-in pages in Chromium: with the keyboard, in light and dark mode, without scripts, and
 * for screen readers.
 */
import { createHash, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Emulator } from "../src/index.ts";
import {
  ann,
  authorizeUrl,
  ben,
  type Changes,
  startDevice,
  startWithUsers,
  withoutConsent,
} from "../test/support/users.ts";

const program = "/usr/bin/chromium";
const isInstalled = existsSync(program);

describe.skipIf(!isInstalled)("the pages in Chromium", () => {
  let emulator: Emulator;
  let browser: Browser;
  let client: Server;
  let redirectUri: string;
  const received: string[] = [];

  beforeAll(async () => {
    emulator = await startWithUsers();
    client = createServer(async (request, response) => {
      received.push(`${request.method} ${request.url} ${await text(request)}`);
      response.writeHead(200, { "content-type": "text/html" }).end("<title>Back</title>");
    });
    await new Promise<void>((resolve) => client.listen(0, "127.0.0.1", resolve));
    redirectUri = `http://localhost:${(client.address() as AddressInfo).port}`;
    const key = new X509Certificate(emulator.serverCertificate.certificate).publicKey;
    const pin = createHash("sha256")
      .update(key.export({ type: "spki", format: "der" }))
      .digest("base64");
    browser = await chromium.launch({
      executablePath: program,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        `--ignore-certificate-errors-spki-list=${pin}`,
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
      ],
    });
  });
  beforeEach(() => {
    emulator.policies.clear();
    received.length = 0;
  });
  afterAll(async () => {
    await browser?.close();
    client?.close();
    await emulator?.close();
  });

  const at = (changes: Changes = {}) => authorizeUrl(emulator, { redirect_uri: redirectUri, ...changes });
  async function withPage(options: BrowserContextOptions, use: (page: Page, violations: string[]) => Promise<void>) {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const messages: string[] = [];
      page.on("console", (message) => messages.push(message.text()));
      page.on("pageerror", (error) => messages.push(error.message));
      await use(page, messages);
    } finally {
      await context.close();
    }
  }
  const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
  /** Waits until the field has the focus. */
  async function type(page: Page, label: string, value: string): Promise<void> {
    await page.getByLabel(label).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(value);
    await page.keyboard.press("Enter");
  }

  it.each(["form_post", "query", "fragment"] as const)(
    "the pages in Chromium redirect to the client by %s, with the keyboard only",
    async (response_mode) => {
      await withPage({}, async (page, messages) => {
        await page.goto(at({ response_mode }));
        await type(page, "Account name", ann.username);
        await type(page, "Password", ann.password);
        await page.waitForURL(`${redirectUri}/**`);
        expect(await page.title()).toBe("Back");
        const [how, where] =
          response_mode === "form_post" ? ["POST", /^POST \/ code=/] : ["GET", /^GET \/(\?code=|[ ])/];
        expect(received.filter((line) => line.startsWith(how))[0]).toMatch(where);
        expect(messages).toEqual([]);
      });
    },
  );

  it("the pages in Chromium redirect to the client without scripts by an additional button", async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(at({ response_mode: "form_post", login_hint: ben.username }));
      await type(page, "Password", ben.password);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(`${redirectUri}/**`);
      expect(received[0]).toMatch(/^POST \/ code=/);
    });
  });

  it("the pages in Chromium keep the user signed in until the sign-out", async () => {
    await withPage({}, async (page) => {
      await page.goto(at({ login_hint: ann.username }));
      await type(page, "Password", ann.password);
      await page.waitForURL(`${redirectUri}/**`);
      await page.goto(at({ prompt: "select_account" }));
      await page.getByRole("button", { name: `${ann.displayName} ${ann.username}` }).click();
      await page.waitForURL(`${redirectUri}/**`);
      await page.goto(`${emulator.authorityHost}/common/oauth2/v2.0/logout`);
      await heading(page, "You have signed out");
      await page.goto(at({ prompt: "select_account" }));
      await heading(page, "Sign in");
    });
  });

  it.each(["light", "dark"] as const)(
    "the pages in Chromium have no accessibility violations in %s mode",
    async (colorScheme) => {
      emulator.policies.add({ grantControl: "mfa" });
      await withPage({ colorScheme, bypassCSP: true, viewport: { width: 380, height: 720 } }, async (page) => {
        const check = async (name: string) => {
          await heading(page, name);
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
          expect(violations.map(({ id, nodes }) => [name, id, nodes.map(({ html }) => html)])).toEqual([]);
          expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
        };
        await page.goto(at({ client_id: withoutConsent.clientId, prompt: "consent" }));
        await check("Sign in");
        await type(page, "Account name", "unknown@contoso.example");
        await page.getByRole("alert").waitFor();
        await check("Sign in");
        await type(page, "Account name", ann.username);
        await check("Enter your password");
        await type(page, "Password", "wrong");
        await page.getByRole("alert").waitFor();
        await check("Enter your password");
        await type(page, "Password", ann.password);
        await check("Verify your identity");
        await type(page, "Code", ann.secondFactor);
        await check("Permissions requested");
        await page.getByRole("button", { name: "Accept" }).click();
        await page.waitForURL(`${redirectUri}/**`);

        await page.goto(at({ prompt: "select_account" }));
        await check("Pick an account");
        emulator.policies.add({ grantControl: "block" });
        await page.getByRole("button", { name: ann.username }).click();
        await check("You cannot sign in to Orders desktop");
        emulator.policies.clear();
        await page.goto(at({ prompt: "create" }));
        await check("Create an account");
        await page.goto(at({ client_id: undefined }));
        await check("Sorry, but we cannot sign you in");

        const device = await startDevice(emulator);
        await page.goto(device.verification_uri);
        await check("Enter the code");
        await type(page, "Code", device.user_code);
        await page.getByRole("button", { name: ann.username }).click();
        await check("Are you trying to sign in to Orders desktop?");
        await page.getByRole("button", { name: "Continue" }).click();
        await check("You are signed in");
        await page.goto(`${emulator.authorityHost}/common/oauth2/v2.0/logout`);
        await check("You have signed out");
      });
    },
  );
});
