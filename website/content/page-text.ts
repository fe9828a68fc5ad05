/** The Markdown of a page as the site shows it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addition, allEntryPoints } from "./additions.ts";
import { insertReadmeParts } from "./readme-parts.ts";

export function pageText(root: string, file: string, text: string): string {
  if (!file.startsWith("website/pages/")) return `${text}\n\n${addition(root, file)}\n`;
  const filled = insertReadmeParts(text, readFileSync(join(root, "README.md"), "utf8"));
  return filled.replace("<!-- all entry points -->", () => allEntryPoints(root));
}
