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
const samples = ["index", "start", "recipes/mysql", "runtimes", "api/core/inspect", "api/plugin-entra/index", "404"];
/** A folder for screenshots, for review. */
const pictures = process.env.AZIDENTITY_PICTURES;

async function build(folder: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const args = ["website/main.ts", "build", "--outDir", folder];
  const { SITE_URL: _, ...inherited } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: { ...inherited, ...env } });
  return `${stdout}${stderr}`;
}

describe.skipIf(!isInstalled)("the documentation site", () => {
  let folder: string;
  let output: string;
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "azidentity-site-"));
    output = await build(folder);
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

  it("each page of the site has a title, one main heading, and a description of its own", async () => {
    const heads = await Promise.all(
      paths.map(async (path) => {
        const html = await readFile(join(folder, `${path}.html`), "utf8");
        const [, title = ""] = /<title>([^<]+)</.exec(html) ?? [];
        const [, description = ""] = /<meta name="description" content="([^"]+)"/.exec(html) ?? [];
        return { path, title, description, headings: html.split("<h1").length - 1 };
      }),
    );
    expect(heads.filter(({ title, headings }) => title === "" || headings !== 1)).toEqual([]);
    const descriptions = heads.map(({ description }) => description);
    expect(descriptions.filter((one, index) => one === "" || descriptions.indexOf(one) !== index)).toEqual([]);
  });

  it("the page of an entry point has what its exports mean, how they fail, and links to the codes of errors", async () => {
    await withPage({ viewport: { width: 1280, height: 900 } }, async (page, faults) => {
      await open(page, "api/core/index");
      await page.getByRole("table").getByRole("link", { name: "Identity", exact: true }).click();
      await page.waitForURL(/#Identity$/);
      const close = page.locator("li").filter({ has: page.locator("[id='Identity.close']") });
      expect(await close.textContent()).toContain("Later calls reject with the code closed");
      await page
        .locator("li", { hasText: "Throws ConfigurationError" })
        .getByRole("link", { name: "unknown-source" })
        .first()
        .click();
      await page.waitForURL(/errors\.html#unknown-source$/);
      expect(faults).toEqual([]);
    });
  });

  it("the site can be used with the keyboard alone: past the navigation, into a wide table, through the menu of a phone", async () => {
    await withPage({ viewport: { width: 390, height: 844 } }, async (page, faults) => {
      await open(page, "runtimes");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Skip to content");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.querySelector('main, .VPContent').contains(document.activeElement)")).toBe(
        true,
      );
      await page.locator("div.table").first().focus();
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction("document.querySelector('div.table').scrollLeft > 0");
      await page.getByRole("button", { name: "mobile navigation" }).focus();
      await page.keyboard.press("Enter");
      await page.locator(".VPNavScreen").getByRole("link", { name: "Errors" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Errors" }).waitFor();
      expect(faults).toEqual([]);
    });
  });

  it("on paper a page is its text alone, as wide as the paper, with all of its code, and dark on white", async () => {
    await withPage({ colorScheme: "dark", viewport: { width: 794, height: 1123 } }, async (page) => {
      await page.emulateMedia({ media: "print" });
      for (const path of ["configuration", "api/core/inspect"]) {
        await open(page, path);
        expect(await page.locator(":is(.VPNav, .VPLocalNav, .VPSidebar, .VPDocFooter, .aside):visible").count()).toBe(
          0,
        );
        const cut =
          "[...document.querySelectorAll('.vp-doc :is(pre, .table)')].filter((it) => it.scrollWidth > it.clientWidth + 1)";
        expect(await page.evaluate(`${cut}.map((it) => it.textContent.slice(0, 60))`), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
        expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run({ runOnly: ['color-contrast'] })");
        expect(
          violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)),
          path,
        ).toEqual([]);
        expect(passes).toHaveLength(1);
        if (pictures !== undefined) await page.pdf({ path: `${pictures}/${path.replaceAll("/", "-")}.pdf` });
      }
    });
  });

  it("a site whose address is configured has canonical addresses and a sitemap with the same ones", async () => {
    const published = await mkdtemp(join(tmpdir(), "azidentity-site-"));
    try {
      await build(published, { SITE_URL: "https://docs.example.com/azidentity" });
      const sitemap = await readFile(join(published, "sitemap.xml"), "utf8");
      const listed = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address);
      const canonical = await Promise.all(
        paths.map(async (path) => {
          const html = await readFile(join(published, `${path}.html`), "utf8");
          return /<link rel="canonical" href="([^"]+)"/.exec(html)?.[1];
        }),
      );
      expect(listed.sort()).toEqual(canonical.sort());
      expect(listed).toContain("https://docs.example.com/azidentity/");
      expect(await readFile(join(published, "404.html"), "utf8")).toContain('<meta name="robots" content="noindex">');
    } finally {
      await rm(published, { recursive: true, force: true });
    }
  });

  it("a site without an address has no canonical addresses and no sitemap, and no link to a repository without one", async () => {
    expect(existsSync(join(folder, "sitemap.xml"))).toBe(false);
    const html = await readFile(join(folder, "start.html"), "utf8");
    expect(html).not.toMatch(/rel="canonical"|og:url/);
    const { repository } = JSON.parse(await readFile("package.json", "utf8"));
    expect(html.includes("The source of this page")).toBe(repository !== undefined);
  });

  it("the config of the site compiles against the installed VitePress", async () => {
    await promisify(execFile)(resolve("node_modules/.bin/tsc"), ["-p", "website"]);
  });
});
