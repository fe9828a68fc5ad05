/**
 * The dashboard in Chromium: live, without scripts, for screen readers, in light and dark mode, on
 * a narrow window.
 */
import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../src/index.ts";
import { requestToken } from "../test/support/plain-client.ts";

const program = "/usr/bin/chromium";

describe.skipIf(!existsSync(program))("the dashboard in Chromium", () => {
  let emulator: Emulator;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    const ann = { username: "ann@contoso.example", password: "…", displayName: "Ann", secondFactor: "246810" };
    const desktop = { displayName: "Orders desktop", publicClient: true, secrets: [] };
    const tenant = { displayName: "Contoso", domains: ["contoso.example"], applications: [{}, desktop], users: [ann] };
    emulator = await startEmulator({ tenants: [tenant] });
    ({ url } = await emulator.startDashboard());
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    await emulator?.close();
  });

  async function withPage(options: BrowserContextOptions, use: (page: Page, messages: string[]) => Promise<void>) {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const messages: string[] = [];
      page.on("console", (message) => messages.push(message.text()));
      page.on("pageerror", (error) => messages.push(error.message));
      await page.goto(url);
      await use(page, messages);
    } finally {
      await context.close();
    }
  }

  it("a request appears by itself, and its answer takes the place of the dots", async () => {
    await withPage({}, async (page, messages) => {
      await page.getByRole("status").getByText("Live").waitFor();
      const before = await page.locator("#requests tr").count();
      await requestToken(emulator, { scope: "https://vault.azure.net/.default" });
      const row = page.locator("#requests tr").first();
      await row.getByText("scope=https://vault.azure.net/.default").waitFor();
      await row.getByText("200", { exact: true }).waitFor();
      expect(await page.locator("#requests tr").count()).toBe(before + 1);
      expect(messages).toEqual([]);
    });
  });

  it("a page whose emulator is gone says so", async () => {
    const other = await startEmulator();
    const dashboard = await other.startDashboard();
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(dashboard.url);
      await page.getByRole("status").getByText("Live").waitFor();
      await other.close();
      await page.getByRole("status").getByText("The emulator does not answer").waitFor();
    } finally {
      await context.close();
      await other.close();
    }
  });

  it("without scripts the page shows what there was at its load", async () => {
    await requestToken(emulator, {});
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.getByRole("row", { name: "/oauth2/v2.0/token" }).first().waitFor();
      await page.getByRole("cell", { name: "Orders desktop" }).waitFor();
    });
  });

  const windows = (["light", "dark"] as const).flatMap((colorScheme) =>
    [400, 1_280].map((width) => ({ colorScheme, viewport: { width, height: 900 } })),
  );
  it.each(windows)("it has no accessibility violations and fits in %j", async (options) => {
    await requestToken(emulator, {});
    await requestToken(emulator, { client_secret: "wrong" });
    await withPage({ ...options, bypassCSP: true, reducedMotion: "reduce" }, async (page) => {
      await page.getByRole("status").getByText("Live").waitFor();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      const folder = process.env.SCREENSHOTS;
      if (folder !== undefined)
        await page.screenshot({
          path: `${folder}/dashboard-${options.colorScheme}-${options.viewport.width}.png`,
          fullPage: true,
        });
    });
  });
});
