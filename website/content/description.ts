/** What search engines show of a page: its first paragraph as plain text. */

const limit = 170; // characters, about what they show

const plain = (markdown: string) =>
  markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*]|(?<!\w)_|_(?!\w)/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** Whole sentences up to the limit, or whole words where the first sentence is longer. */
function shorten(text: string): string {
  if (text.length <= limit) return text;
  const start = text.slice(0, limit);
  const sentences = /^.*\.(?= )/.exec(start)?.[0];
  return sentences !== undefined && sentences.length > limit / 3 ? sentences : `${start.replace(/\s+\S*$/, "")} …`;
}

/** @returns `undefined` for a page that begins with a section, a list or code */
export function descriptionOf(markdown: string): string | undefined {
  const text = markdown.replace(/^---\n.*?\n---\n/s, "").replace(/<!--.*?-->/gs, "");
  const [first = ""] = text.split(/\n{2,}/).filter((block) => block.trim() !== "" && !/^\s*# /.test(block));
  const isParagraph = !/^\s*([-*|<#]|```|\d+\.| {4})/.test(first);
  return isParagraph ? shorten(plain(first)).replace(/:$/, ".") : undefined;
}
