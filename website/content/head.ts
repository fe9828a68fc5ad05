/** What search engines and programs that show links read of a page. */

/** An element of a page's head, as VitePress takes it. */
type HeadElement = [tag: string, attributes: Record<string, string>];

/**
 * Where the site is published, e.g. `https://docs.example.com/azidentity/`. `undefined`: the
 * builder does not say, so pages have no canonical address and there is no sitemap.
 *
 * @throws for what is no such address
 */
export function siteAddress(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "")
    throw new Error(`SITE_URL is "${text}". It has to be an address such as https://docs.example.com/azidentity/`);
  return url.pathname.endsWith("/") ? url : new URL(`${url.pathname}/`, url);
}

export interface Head {
  /** Of the built site: `recipes/index.md`. */
  readonly page: string;
  readonly title: string;
  readonly description: string;
}

/** The elements of a page's head besides title and description. */
export function headOf({ page, title, description }: Head, site: URL | undefined): HeadElement[] {
  if (page === "404.md") return [["meta", { name: "robots", content: "noindex" }]];
  const address = site && new URL(page.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, ".html"), site).href;
  const property = (name: string, content: string): HeadElement => ["meta", { property: `og:${name}`, content }];
  return [
    property("site_name", "azidentity"),
    property("type", page === "index.md" ? "website" : "article"),
    property("title", title),
    property("description", description),
    ["meta", { name: "twitter:card", content: "summary" }],
    ...(address === undefined
      ? []
      : [property("url", address), ["link", { rel: "canonical", href: address }] satisfies HeadElement]),
  ];
}
