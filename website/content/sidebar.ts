/** The sidebar: every page, in the order in which a reader needs them. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { addressOf, pageFiles, pagePath } from "./page-paths.ts";

export interface SidebarItem {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: SidebarItem[];
}

/** A page by its file; its name is its title, unless another one is given. */
type Entry = string | readonly [file: string, name: string];

/** The links of a page's lists, in their order. */
function listedIn(root: string, file: string, pattern = /^- \[(.+)\]\(([^#)]+)\)$/gm): Entry[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(pattern)].map(
    ([, name = "", path = ""]) => [posix.join(posix.dirname(file), path), name.replaceAll("`", "")] as const,
  );
}

interface Group {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** A page about all of them; the group is then folded. */
  readonly page?: string;
}

function groups(root: string): Group[] {
  const files = pageFiles(root);
  const under = (pattern: RegExp) => files.filter((file) => pattern.test(file)).sort();
  const lastName = (file: string): Entry => [file, pagePath(file)?.split("/").at(-1) ?? ""];
  const entryPoint = (file: string): Entry => [file, pagePath(file)?.replace(/^api\/|\/index$/g, "") ?? ""];
  const [recipes, decisions] = ["docs/recipes/README.md", "docs/decisions/README.md"];
  return [
    {
      name: "Start",
      entries: [
        "website/pages/start.md",
        ["docs/recipes/app-service.md", "From nothing to App Service"],
        "docs/migrating.md",
        "docs/mssql-without-azure.md",
        "docs/runtimes.md",
        "docs/runners.md",
      ],
    },
    { name: "Recipes", entries: listedIn(root, recipes), page: recipes },
    {
      name: "Sources and hosts",
      entries: ["docs/managed-identity.md", "docs/fault-matrix.md", "docs/broker.md", "docs/exec.md"],
    },
    {
      name: "Tokens and failures",
      entries: ["docs/caching.md", "docs/time-limits.md", "docs/errors.md", "docs/troubleshooting.md"],
    },
    { name: "Command line", entries: ["docs/azid.md"] },
    { name: "Plugins", entries: ["docs/write-a-plugin.md"] },
    { name: "Examples", entries: under(/^examples\//).map(lastName), page: "website/pages/examples/index.md" },
    {
      name: "Reference",
      entries: ["docs/configuration.md", "docs/differences.md", "bench/results/results.md", "docs/glossary.md"],
    },
    {
      name: "Packages",
      entries: under(/^packages\/[^/]+\/README/).map(lastName),
      page: "website/pages/packages/index.md",
    },
    { name: "API", entries: under(/^api\//).map(entryPoint), page: "website/pages/api/index.md" },
    { name: "Project", entries: ["docs/architecture.md", "CONTRIBUTING.md", "SECURITY.md"] },
    { name: "Decisions", entries: under(/decisions(\/(?!README)[^/]+)?\.md$/).map(lastName), page: decisions },
  ];
}

function titleOf(root: string, file: string): string {
  const [title = file] = /(?<=^# ).*$/m.exec(readFileSync(join(root, file), "utf8")) ?? [];
  return title.replaceAll("`", "");
}

/** @throws when a page is missing in it, or an entry is no page */
export function createSidebar(root: string): SidebarItem[] {
  const used = new Set(["website/pages/index.md"]);
  const item = (entry: Entry): SidebarItem => {
    const [file, name] = typeof entry === "string" ? [entry, titleOf(root, entry)] : entry;
    const path = pagePath(file);
    if (path === undefined) throw new Error(`website/content/sidebar.ts names ${file}, which is no page of the site.`);
    used.add(file);
    return { text: name, link: addressOf(path) };
  };
  const sidebar = groups(root).map(({ name, entries, page }): SidebarItem => {
    const items = entries.map(item);
    return page === undefined ? { text: name, items } : { ...item([page, name]), collapsed: true, items };
  });
  const missing = pageFiles(root).filter((file) => !used.has(file));
  if (missing.length > 0) throw new Error(`Not in the sidebar, see website/content/sidebar.ts: ${missing.join(", ")}`);
  return sidebar;
}
