/**
 * Control characters: C0 and C1, DEL, and those that reorder or hide text (bidirectional controls,
 * zero-width characters, line and paragraph separators).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const controls = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text of others (names, messages of servers and programs) for one line of a terminal: each control
 * character is a question mark, so that it can neither move the cursor nor hide what follows.
 */
export function plainLine(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, " ")
    .replaceAll("\t", " ")
    .replace(controls, "?");
}

/** The same for text of several lines. */
export function plainText(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replaceAll("\t", "  ").replace(controls, "?"))
    .join("\n");
}

/** A document in one line, in which they are escaped: it has the same values, and may be shown on a terminal. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(controls, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
