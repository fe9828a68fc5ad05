/** HTML in which all external text is escaped. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | false | undefined | readonly Html[];

/**
 * HTML from a template: strings are escaped, `false` and `undefined` are omitted. Attribute values
 * have to be in quotes.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.reduce((text, part, index) => `${text}${write(values[index - 1])}${part}`) };
}

function write(value: Value): string {
  if (value === undefined || value === false) return "";
  if (typeof value === "string") return escapeHtml(value);
  return "html" in value ? value.html : value.map(write).join("");
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => references[character] ?? character);
}

/** Reverses the escaping of {@link html}. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (reference) => {
    return Object.keys(references).find((character) => references[character] === reference) ?? reference;
  });
}
