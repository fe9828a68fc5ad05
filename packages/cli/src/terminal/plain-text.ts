/**
 * Control characters: C0 and C1, DEL, and those that reorder or hide text (bidirectional controls,
 * tags, zero-width characters, line and paragraph separators); but for the one that joins emoji.
 */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]|(?!\u200d)\p{Cf}/gu;

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

/** JSON text in which they are escaped, and which may have line breaks between its members. */
export const escapeControls = (json: string): string =>
  json.replace(controls, (one) => (one === "\n" ? one : escaped(one)));

/**
 * A document in which they are escaped: it has the same values, and may be shown on a terminal.
 *
 * @param indent blanks before members that have lines of their own. Default: one line
 */
export function plainJson(value: unknown, indent?: number): string {
  return escapeControls(JSON.stringify(value, undefined, indent));
}

/** A character as JSON writes it in ASCII. */
const escaped = (character: string) =>
  character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
