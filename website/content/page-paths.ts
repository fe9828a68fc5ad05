/** Which files of the repository are pages of the site, and at which paths. */
import { globSync } from "node:fs";

/**
 * The first row that matches decides; paths are without `.html`, and `index` stands for its folder.
 */
const rows: readonly (readonly [RegExp, string])[] = [
  [/^website\/pages\/(.+)\.md$/, "$1"],
  [/^docs\/(.+\/)?README\.md$/, "$1index"],
  [/^docs\/(.+)\.md$/, "$1"],
  [/^packages\/([^/]+)\/README\.md$/, "packages/$1"],
  [/^packages\/([^/]+)\/docs\/decisions\.md$/, "decisions/$1"],
  [/^examples\/([^/]+)\/README\.md$/, "examples/$1"],
  [/^api\/([^.]+)\.([^.]+)\.api\.md$/, "api/$1/$2"],
  [/^bench\/results\/results\.md$/, "measured"],
  [/^SECURITY\.md$/, "security"],
  [/^CONTRIBUTING\.md$/, "contributing"],
];

/** The path of a page, or `undefined` for a file that is no page. */
export function pagePath(file: string): string | undefined {
  const row = rows.find(([files]) => files.test(file));
  return row && file.replace(row[0], row[1]);
}

/** The page's address on the site. */
export const addressOf = (path: string) => `/${path.replace(/(^|\/)index$/, "$1")}`;

const exclude = ["**/node_modules/**", "**/dist/**"];

/** All Markdown files of the repository. */
export const markdownFiles = (root: string) =>
  globSync("**/*.md", { cwd: root, exclude }).map((file) => file.replaceAll("\\", "/"));

/** The files that are pages. */
export const pageFiles = (root: string) => markdownFiles(root).filter((file) => pagePath(file) !== undefined);
