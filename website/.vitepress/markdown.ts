/**
 * How pages are read: parts of elsewhere are put in, links rewritten, and the HTML made fit for a
 * phone and a screen reader.
 */
import { relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { type Repository, siteLink } from "../content/links.ts";
import type { pageTexts } from "../content/page-text.ts";

type Env = { readonly realPath?: string; readonly path: string };

export function pageMarkdown(
  markdown: MarkdownRenderer,
  repository: Repository,
  pageText: ReturnType<typeof pageTexts>,
): void {
  const { root } = repository;
  const fileOf = (env: Env) => relative(root, env.realPath ?? env.path).replaceAll("\\", "/");
  markdown.core.ruler.before("normalize", "page_text", (state) => {
    if (state.env.path !== undefined) state.src = pageText(fileOf(state.env), state.src); // else a title alone
  });
  markdown.core.ruler.push("site_links", (state) => {
    let unlinked = false;
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === "link_close") token.hidden = unlinked;
      if (token.type !== "link_open" || token.attrGet("class") === "header-anchor") continue;
      const link = token.attrGet("href") ?? "";
      const target = link.startsWith("/") ? link : siteLink(fileOf(state.env), link, repository);
      unlinked = target === undefined;
      token.hidden = unlinked;
      token.attrSet("href", target ?? "");
    }
  });
  codeBlocks(markdown);
  tables(markdown);
}

function codeBlocks(markdown: MarkdownRenderer): void {
  const isCode = ({ type }: { readonly type: string }) => type === "fence";
  markdown.core.ruler.push("indented_code", (state) => {
    for (const token of state.tokens.filter(({ type }) => type === "code_block"))
      Object.assign(token, { type: "fence", info: "text" });
  });
  markdown.core.ruler.push("searched_code", (state) => {
    if (state.env.code === undefined) return; // a page; otherwise what is searched of it, see search.ts
    if (state.env.code === "left out") state.tokens = state.tokens.filter((token) => !isCode(token));
    for (const token of state.tokens.filter(isCode))
      Object.assign(token, { type: "html_block", content: `<pre>${markdown.utils.escapeHtml(token.content)}</pre>` });
  });
}

function tables(markdown: MarkdownRenderer): void {
  // A cell without a text is not the head of a column.
  markdown.renderer.rules.th_open = (tokens, index, options, _env, self) => {
    const [open, text, close] = tokens.slice(index, index + 3);
    if (open && close && text?.content === "") open.tag = close.tag = "td";
    return self.renderToken(tokens, index, options);
  };
  // A wide table scrolls in itself, also by the keyboard.
  markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
  markdown.renderer.rules.table_close = () => "</table></div>\n";
}
