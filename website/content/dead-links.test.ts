import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { deadLinks } from "./dead-links.ts";

it("links to pages, headings and files that a site does not have are listed with their pages", () => {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-links-"));
  try {
    mkdirSync(join(folder, "recipes"));
    writeFileSync(join(folder, "mark.svg"), "");
    writeFileSync(join(folder, "errors.html"), '<h2 id="a-b">A</h2><h2 id="übrig">Ü</h2>');
    writeFileSync(
      join(folder, "recipes/index.html"),
      '<a href="/site/errors.html#a-b">1</a><a class="x" href="../errors.html#%C3%BCbrig">2</a>' +
        '<a href="/site/mark.svg">3</a><a href="#none">4</a><a href="/site/errors.html#a">5</a>' +
        '<a href="/site/gone.html">6</a><a href="/errors.html">7</a><a href="https://elsewhere.test/">8</a>' +
        '<a href="/site/gone.svg">9</a><a href="/site/recipes/">10</a>',
    );
    expect(deadLinks(folder, "/site/")).toEqual([
      "recipes/index.html -> #none",
      "recipes/index.html -> /site/errors.html#a",
      "recipes/index.html -> /site/gone.html",
      "recipes/index.html -> /errors.html",
      "recipes/index.html -> /site/gone.svg",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
