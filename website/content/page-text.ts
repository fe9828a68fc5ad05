/** The Markdown of a page as the site shows it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addition, allEntryPoints } from "./additions.ts";
import { apiPages } from "./api-pages.ts";
import { insertReadmeParts } from "./readme-parts.ts";

/**
 * A file's path and text → its page. Reads the declarations once, when the first page of the API is
 * asked for.
 */
export function pageTexts(root: string): (file: string, text: string) => string {
  let api: ReadonlyMap<string, string> | undefined;
  return (file, text) => {
    if (file.startsWith("api/")) {
      api ??= apiPages(root);
      return api.get(file) ?? text;
    }
    if (!file.startsWith("website/pages/")) return `${text}\n\n${addition(root, file)}\n`;
    const filled = insertReadmeParts(text, readFileSync(join(root, "README.md"), "utf8"));
    return filled.replace("<!-- all entry points -->", () => allEntryPoints(root));
  };
}
