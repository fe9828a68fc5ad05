/** The documentation site as `pnpm site` builds it, and every page of it in Chromium. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageFiles, pagePath } from "./content/page-paths.ts";
import { type Site, serve } from "./serve.ts";

const program = "/usr/bin/chromium";
const isInstalled = existsSync(program);
const paths = pageFiles(".").map((file) => pagePath(file) as string);
/** One page of each kind. */
const samples = ["index", "start", "recipes/mysql", "runtimes", "api/plugin-cache-persist/msal", "404"];
/** A folder for screenshots, for review. */
const pictures = process.env.AZIDENTITY_PICTURES;

describe.skipIf(!isInstalled)("the documentation site", () => {
  let folder: string;
  let output: string;
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "azidentity-site-"));
    const build = await promisify(execFile)(process.execPath, ["website/main.ts", "build", "--outDir", folder]);
    output = `${build.stdout}${build.stderr}`;
    site = await serve(folder);
    const args = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"];
    browser = await chromium.launch({ executablePath: program, args });
  }, 600_000); // on a new machine with the installation
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function withPage(options: BrowserContextOptions, use: (page: Page, faults: string[]) => Promise<void>) {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("console", (message) => faults.push(`${page.url()}: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
      page.on("request", (request) => {
        if (new URL(request.url()).origin !== site.origin) faults.push(`${page.url()}: ${request.url()}`);
      });
      await use(page, faults);
    } finally {
      await context.close();
    }
  }
  async function open(page: Page, path: string) {
    await page.goto(`${site.origin}/${path}.html`);
    await page.waitForFunction("document.querySelector('#app').__vue_app__"); // until the scripts have taken over
  }
  const overflow = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");

  it("the site builds without a warning, and has a page for each document", () => {
    expect(output).not.toMatch(/warn|\(!\)/i);
    expect(paths.length).toBeGreaterThan(90);
    expect(paths.filter((path) => !existsSync(join(folder, `${path}.html`)))).toEqual([]);
  });

  it("each page of the site loads on a phone without a console message, a request elsewhere or sideways scrolling", async () => {
    const left = [...paths];
    const phone = { viewport: { width: 390, height: 844 } };
    const visit = () =>
      withPage(phone, async (page, faults) => {
        for (let path = left.shift(); path !== undefined; path = left.shift()) {
          await open(page, path);
          if ((await overflow(page)) > 0) faults.push(`${path} scrolls sideways`);
        }
        expect(faults).toEqual([]);
      });
    await Promise.all([visit(), visit()]); // as many as CI has processors
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
  ] as const)("the site has no accessibility violations in %s mode at a width of %i px", async (colorScheme, width) => {
    await withPage({ colorScheme, viewport: { width, height: 900 } }, async (page) => {
      for (const path of samples) {
        await open(page, path);
        if (pictures !== undefined) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: `${pictures}/${path.replaceAll("/", "-")}-${width}-${colorScheme}.png` });
        }
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run()");
        const problems = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        expect(problems, path).toEqual([]);
        expect(passes.map(({ id }) => id)).toContain("color-contrast");
      }
    });
  });

  it("the site's search finds pages by their subjects and by names of variables, from the keyboard", async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page, faults) => {
      const found = (address: string) => page.locator(`#localsearch-list a[href^="${address}"]`).first().waitFor();
      async function search(text: string) {
        await page.keyboard.press("Control+k");
        await page.locator("#localsearch-input:focus").waitFor();
        await page.keyboard.press("Control+a");
        await page.keyboard.type(text);
      }
      await open(page, "start");
      await search("PostgreSQL");
      await found("/recipes/postgresql.html");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/recipes\/postgresql\.html/);
      await search("AZURE_FEDERATED_TOKEN_FILE");
      await found("/recipes/aks.html");
      await page.keyboard.press("Escape");
      await search("DATABASE_URL"); // which stands there in `process.env.DATABASE_URL` alone
      await found("/recipes/postgresql.html");
      expect(faults).toEqual([]);
    });
  });

  it("the site can be read and its links followed without scripts", async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(site.origin);
      await page.getByRole("heading", { level: 1, name: "Microsoft Entra ID credentials" }).waitFor();
      expect(
        await page
          .getByRole("cell", { name: "workerd" })
          .or(page.getByRole("columnheader", { name: "workerd" }))
          .count(),
      ).toBe(1);
      await page.getByRole("link", { name: "Get started" }).click();
      await page.getByRole("heading", { level: 1, name: "Getting started" }).waitFor();
      expect(await page.locator("pre .line span[style]").count()).toBeGreaterThan(50); // highlighted code
    });
  });

  it("an address that the site does not have leads to a page that says so", async () => {
    await withPage({}, async (page) => {
      await page.goto(`${site.origin}/recipes/no-such-page.html`);
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
      await page.getByRole("link", { name: "To the start" }).click();
      await page.getByRole("heading", { level: 1, name: "Microsoft Entra ID credentials" }).waitFor();
    });
  });

  it("each page of the site has a title, a main heading, and a description of its own", async () => {
    const heads = await Promise.all(
      paths.map(async (path) => {
        const html = await readFile(join(folder, `${path}.html`), "utf8");
        const [, title = ""] = /<title>([^<]+)</.exec(html) ?? [];
        const [, description = ""] = /<meta name="description" content="([^"]+)"/.exec(html) ?? [];
        return { path, title, description, headings: html.split("<h1").length - 1 };
      }),
    );
    expect(heads.filter(({ title, headings }) => title === "" || headings === 0)).toEqual([]);
    const descriptions = heads.map(({ description }) => description);
    expect(descriptions.filter((one, index) => one === "" || descriptions.indexOf(one) !== index)).toEqual([]);
  });

  it("the config of the site compiles against the installed VitePress", async () => {
    await promisify(execFile)(resolve("node_modules/.bin/tsc"), ["-p", "website"]);
  });
});
