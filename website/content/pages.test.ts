import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { addition, allEntryPoints } from "./additions.ts";
import { pageFiles, pagePath } from "./page-paths.ts";
import { createSidebar } from "./sidebar.ts";

const root = resolve(import.meta.dirname, "../..");

describe("the pages of the documentation site", () => {
  it("no two files have the same path", () => {
    const paths = pageFiles(root).map((file) => pagePath(file));
    expect(paths.length).toBeGreaterThan(90);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("the sidebar has every page, beginning with how to start", () => {
    const sidebar = createSidebar(root);
    expect(sidebar[0]?.items?.[0]).toEqual({ text: "Getting started", link: "/start" });
    const links = sidebar.flatMap(({ link, items = [] }) => [
      ...(link ? [link] : []),
      ...items.map((item) => item.link),
    ]);
    expect(new Set(links).size).toBe(pageFiles(root).length - 1); // without the home page
    expect(links).toEqual(expect.arrayContaining(["/recipes/", "/recipes/redis", "/decisions/emulator", "/api/core/"]));
  });

  it("an example's page has its files, the program first and no tests", () => {
    const files = [...addition(root, "examples/exec/README.md").matchAll(/^### (.*)$/gm)].map(([, name]) => name);
    expect(files[0]).toBe("main.ts");
    expect(files).toEqual(expect.arrayContaining(["workload.go", "client_secret.py", "token_file.sh"]));
    expect(files.filter((name) => name?.includes("test"))).toEqual([]);
  });

  it("a package's page links to the API of its entry points, as does the page of all of them", () => {
    const link = "- [`@azidentity/core/plugin`](/api/core/plugin.md)";
    expect(addition(root, "packages/core/README.md")).toContain(link);
    expect(allEntryPoints(root)).toContain(link);
  });
});
