/** Links of the documents, which lead to files of the repository, as links of the site. */
import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { pagePath } from "./page-paths.ts";

export interface Repository {
  readonly root: string;
  /** Where its files are shown, such as `https://github.com/owner/name/blob/main`. */
  readonly url?: string | undefined;
}

/**
 * The pages of the site's own and the README's parts in them have links as if they were in the
 * root.
 */
const folderOf = (file: string) => (file.startsWith("website/pages/") ? "" : posix.dirname(file));

/** The file that a link to a folder leads to is its README. */
function fileOf(root: string, path: string): string {
  const isFolder = existsSync(join(root, path)) && statSync(join(root, path)).isDirectory();
  return isFolder ? posix.join(path, "README.md") : path;
}

/**
 * A link of a file as VitePress expects it: an absolute path of the site that ends in `.md`, or an
 * address elsewhere. `undefined`: the site has nothing to link to, and the repository is not
 * published.
 */
export function siteLink(file: string, link: string, { root, url }: Repository): string | undefined {
  const isOwnPage = file.startsWith("website/pages/");
  if (/^([a-z][\w+.-]*:|\/\/)/i.test(link) || (link.startsWith("#") && !isOwnPage)) return link;
  const [path = "", anchor] = link.split("#");
  const hash = anchor === undefined ? "" : `#${anchor}`;
  const target = fileOf(root, path === "" ? "README.md" : posix.join(folderOf(file), path));
  if (!existsSync(join(root, target))) throw new Error(`${file} links to ${link}, which does not exist.`);
  // The sections of the README are those of "Getting started".
  if (target === "README.md") return hash === "" ? "/index.md" : `/start.md${hash}`;
  const page = pagePath(target);
  if (page !== undefined) return `/${page}.md${hash}`;
  return url && `${url}/${target}${hash}`;
}
