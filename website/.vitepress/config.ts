import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitepress";
import { headingAnchor } from "../../tools/heading-anchor.ts";
import { deadLinks } from "../content/dead-links.ts";
import { descriptionOf } from "../content/description.ts";
import { headOf, siteAddress } from "../content/head.ts";
import { markdownFiles, pagePath } from "../content/page-paths.ts";
import { pageTexts } from "../content/page-text.ts";
import { createSidebar } from "../content/sidebar.ts";
import { pageMarkdown } from "./markdown.ts";
import { pageWords, queryWords, searchedText } from "./search.ts";

const root = resolve(import.meta.dirname, "../..");
const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const pageText = pageTexts(root);
/** Where the repository is published, if package.json says so. */
const repositoryUrl: string | undefined = (repository?.url ?? repository)?.replace(/^git\+|\.git$/g, "");
/**
 * Where the site is published; `SITE_URL=https://docs.example.com/azidentity/ pnpm site` also sets
 * its base.
 */
const site = siteAddress(process.env.SITE_URL);
const base = site?.pathname ?? "/";
const files = repositoryUrl && `${repositoryUrl}/blob/main`;

const description = "Microsoft Entra ID credentials for Node.js: small plugins over a fast core.";

/**
 * VitePress asks Vite to bundle what it imports for `pnpm site dev`, but from the folder of the
 * pages, where it is not.
 */
const withoutBundledDependencies: Plugin = {
  name: "without-bundled-dependencies",
  enforce: "post",
  config(config) {
    if (config.optimizeDeps) config.optimizeDeps.include = [];
  },
};

/** Pages are compiled to imports of Vue, which is installed here and not where most of them are. */
const vueForPages: Plugin = {
  name: "vue-for-pages",
  enforce: "pre",
  resolveId(source, importer) {
    const isOfPage = /^vue(\/|$)/.test(source) && importer?.endsWith(".md");
    return isOfPage ? this.resolve(source, join(root, "website/main.ts"), { skipSelf: true }) : null;
  },
};

export default defineConfig({
  title: "azidentity",
  description,
  lang: "en",
  base,
  ...(site === undefined ? {} : { sitemap: { hostname: site.href } }),
  srcDir: "..",
  srcExclude: markdownFiles(root).filter((file) => pagePath(file) === undefined),
  rewrites: (file) => `${pagePath(file)}.md`,
  router: { prefetchLinks: false }, // the sidebar alone would fetch every page that it shows
  titleTemplate: ":title · azidentity",
  head: [["link", { rel: "icon", href: `${base}mark.svg`, type: "image/svg+xml" }]],
  vite: {
    publicDir: join(root, "website/public"),
    plugins: [vueForPages, withoutBundledDependencies],
    build: { chunkSizeWarningLimit: 2000 },
  },
  // Addresses in the text are examples; what is worth following is a link.
  markdown: {
    linkify: false,
    theme: { light: "github-light-default", dark: "github-dark-default" },
    anchor: { slugify: headingAnchor },
    config: (markdown) => pageMarkdown(markdown, { root, url: files }, pageText),
  },
  transformPageData({ filePath, frontmatter, title }) {
    if (!filePath) return {};
    const text = pageText(filePath, readFileSync(join(root, filePath), "utf8"));
    if (filePath.startsWith("api/")) frontmatter.editLink = false; // the page is generated
    return { description: frontmatter.description ?? descriptionOf(text) ?? `${title}: ${description}` };
  },
  transformHead: ({ page, title, description }) => headOf({ page, title, description }, site),
  buildEnd({ outDir, site }) {
    const dead = deadLinks(outDir, site.base);
    if (dead.length > 0) throw new Error(`Links that lead nowhere:\n${dead.join("\n")}`);
  },
  themeConfig: {
    logo: { src: "/mark.svg", alt: "" },
    nav: [
      { text: "Start", link: "/start" },
      { text: "Recipes", link: "/recipes/" },
      { text: "azid", link: "/azid" },
      { text: "Configuration", link: "/configuration" },
      { text: "Errors", link: "/errors" },
      { text: "API", link: "/api/" },
    ],
    sidebar: createSidebar(root),
    outline: { level: [2, 3], label: "On this page" },
    search: {
      provider: "local",
      options: {
        _render: searchedText,
        miniSearch: { options: { tokenize: pageWords }, searchOptions: { tokenize: queryWords } },
      },
    },
    footer: { message: "MIT licensed." },
    ...(files === undefined ? {} : { editLink: { pattern: `${files}/:path`, text: "The source of this page" } }),
  },
});
