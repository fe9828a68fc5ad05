/**
 * Links of the built site that lead nowhere: VitePress checks pages, but not the headings in them.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const decode = (text: string) => decodeURIComponent(text.replaceAll("&amp;", "&").replaceAll("&quot;", '"'));

/** Each as `page -> link`. `base` is the path at which the site is served, such as `/`. */
export function deadLinks(folder: string, base: string): string[] {
  const pages = globSync("**/*.html", { cwd: folder }).map((file) => file.replaceAll("\\", "/"));
  const html = new Map(pages.map((page) => [page, readFileSync(join(folder, page), "utf8")]));
  const ids = new Map(
    [...html].map(([page, text]) => [
      page,
      new Set([...text.matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => decode(id))),
    ]),
  );
  const isDead = (page: string, link: string) => {
    const { pathname, hash, origin } = new URL(link, `http://site${base}${page}`);
    if (origin !== "http://site") return false;
    if (!pathname.startsWith(base)) return true;
    const path = decode(pathname.slice(base.length));
    if (/\.(?!html$)\w+$/.test(path)) return globSync(path, { cwd: folder }).length === 0;
    const anchors = ids.get(path === "" || path.endsWith("/") ? `${path}index.html` : path);
    return anchors === undefined || (hash !== "" && !anchors.has(decode(hash.slice(1))));
  };
  return [...html].flatMap(([page, text]) => {
    const links = [...new Set([...text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map(([, link = ""]) => link))];
    return links.filter((link) => isDead(page, decode(link))).map((link) => `${page} -> ${link}`);
  });
}
