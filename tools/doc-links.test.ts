/**
 * Links between the documents lead somewhere, and those of a package's README do so where npm shows
 * it.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { headingAnchor } from "./heading-anchor.ts";

const documents = globSync(
  "{*,docs/*,docs/{decisions,recipes}/*,packages/*/docs/*,examples/*/*,packages/*/*,bench/results/*,.changeset/*}.md",
);
const prose = (file: string) => readFileSync(file, "utf8").replace(/```.*?```/gs, "");
const linksOf = (file: string) =>
  [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^https?:/.test(link));

const anchorsOf = (file: string) =>
  [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => headingAnchor(text));

function isDead(file: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : join(dirname(file), path);
  return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

it("the check of links finds the documents, and links in them", () => {
  expect(documents).toContain("README.md");
  expect(linksOf("README.md").length).toBeGreaterThan(20);
});

it.each(documents.filter((file) => linksOf(file).length > 0))("every link of %s leads somewhere", (file) => {
  expect(linksOf(file).filter((link) => isDead(file, link))).toEqual([]);
});

it("no README of a package links to what its tarball leaves out", () => {
  const readmes = documents.filter((file) => /^packages\/[^/]+\/README\.md$/.test(file));
  expect(readmes.length).toBeGreaterThan(5);
  expect(readmes.flatMap(linksOf).filter((link) => !link.startsWith("#"))).toEqual([]);
});

it("every file that docs/architecture.md names exists", () => {
  const [, recipes = ""] = readFileSync("docs/architecture.md", "utf8").split("## Where to change what");
  const named = [...recipes.matchAll(/`([\w./-]+\/(?:[\w-]+\.(?:ts|md))?)`/g)].map(([, path = ""]) => path);
  const roots = ["packages/core/src", "packages", "."];
  expect(named.length).toBeGreaterThan(35);
  expect(named.filter((path) => !roots.some((root) => existsSync(join(root, path))))).toEqual([]);
});
