/** The search, which runs in the browser over an index that it loads when the search is opened. */
import type { MarkdownEnv, MarkdownRenderer } from "vitepress";

/**
 * What is searched: not the code of examples and of the API, half of the index, but their headings.
 */
export function searchedText(text: string, env: MarkdownEnv, markdown: Pick<MarkdownRenderer, "render">): string {
  const code = /^(api|examples)\//.test(env.relativePath) ? "left out" : "plain";
  const html = markdown.render(text, Object.assign(env, { code }));
  return env.frontmatter?.search === false ? "" : html;
}

/**
 * Of the query: words, and names such as `AZURE_TENANT_ID` and `plugin-entra` as a whole. VitePress
 * sends the text of this function and of the next one to the browser, so neither can use anything
 * of this file.
 */
export const queryWords = (text: string) => text.match(/[\p{L}\p{N}](?:[\p{L}\p{N}_./@-]*[\p{L}\p{N}])?/gu) ?? [];

/**
 * Of the pages: the same, and the parts of names: of `process.env.LOG_LEVEL` also `LOG_LEVEL`, and
 * `LEVEL`.
 */
export const pageWords = (text: string) =>
  (text.match(/[\p{L}\p{N}](?:[\p{L}\p{N}_./@-]*[\p{L}\p{N}])?/gu) ?? []).flatMap((word) => {
    const names = word.split(/[./@]+/);
    return [...new Set([word, ...names, ...names.flatMap((name) => name.match(/[^_-]+/g) ?? [])])];
  });
