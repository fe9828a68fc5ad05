/** Doc comments of declarations as Markdown. */

export interface DocComment {
  /** Meaning, unit, default. */
  readonly text: string;
  /** Name of a parameter → what it means. */
  readonly parameters: readonly (readonly [name: string, text: string])[];
  readonly returns: string | undefined;
  /** Each with its class in braces first, as it is written. */
  readonly throws: readonly string[];
  readonly examples: readonly string[];
  readonly deprecated: string | undefined;
}

/** A comment without its stars, in parts. */
export function parseDocComment(comment: string): DocComment {
  const [text = "", ...tags] = comment.split(/^@(?=[a-z]+\b)/m).map((part) => part.trim());
  const of = (tag: string) =>
    tags.filter((part) => part.split(/\s/, 1)[0] === tag).map((part) => part.slice(tag.length).trim());
  return {
    text,
    parameters: of("param").map((part) => {
      const [name = "", ...rest] = part.split(/\s+/);
      return [name, rest.join(" ").replace(/^- /, "")] as const;
    }),
    returns: of("returns")[0],
    throws: of("throws"),
    examples: of("example"),
    deprecated: of("deprecated")[0],
  };
}

export interface DocLinks {
  /** The address of an export, or of a member of one, such as `Identity.close`. */
  readonly name: (name: string) => string | undefined;
  /** The codes of errors, which have a heading each in docs/errors.md. */
  readonly codes: ReadonlySet<string>;
}

const link = (text: string, address: string | undefined) => (address === undefined ? text : `[${text}](${address})`);

/**
 * The prose of a comment with links: of exports, of documents, and of codes of errors that cannot
 * be taken for another word because they have a hyphen, or because `isThrown`.
 */
export function linkedText(text: string, { name, codes }: DocLinks, isThrown = false): string {
  const code = (word: string) => {
    const isCode = codes.has(word) && (isThrown || word.includes("-"));
    return link(
      `\`${word}\``,
      isCode ? `/errors.md#${word}` : /^[A-Za-z]\w*(\.\w+)?$/.test(word) ? name(word) : undefined,
    );
  };
  const plain = (part: string) =>
    part
      .replace(/\{@link\s+([\w.]+)\}/g, (_, target: string) => code(target))
      .replace(/(?<![\w/])docs\/([\w-]+)\.md/g, (_, page: string) => `[${page}](/${page}.md)`)
      .replace(/<(?=[\w/!])/g, "&lt;");
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith("`") ? code(part.slice(1, -1)) : plain(part)))
    .join("");
}
