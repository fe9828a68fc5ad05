/** The text without white space around it, and without one pair of quotes around the rest. */
export function unquoted(text: string): string {
  const trimmed = text.trim();
  return /^(["']).*\1$/s.test(trimmed) && trimmed.length > 1 ? trimmed.slice(1, -1).trim() : trimmed;
}

/** What is wrong with the text of a variable, and what to do about it. */
export interface TextFault {
  /** Follows the name of the variable, such as "ends in a line break". */
  readonly problem: string;
  readonly remedy: string;
}

const lineBreakRemedy = "Set it again without the line break: `printf %s` writes none, `echo` writes one.";
const quotesRemedy = "Remove the quotes: some tools keep those of a .env or YAML file as part of the value.";
const otherRemedy = "Remove it from the value.";

/** What a value never is on purpose, also where it is a password. */
const always: readonly (readonly [RegExp, string, string])[] = [
  [/^\uFEFF/, "begins with a byte order mark", "Save the file that it comes from as UTF-8 without a byte order mark."],
  [/[\r\n]\s*$/, "ends in a line break", lineBreakRemedy],
  [/^\s*[\r\n]/, "begins with a line break", lineBreakRemedy],
  [/\0/, "contains a null character", otherRemedy],
];

/** What an id, a path, a URL or a secret of Entra never is. */
const unlessPassword: typeof always = [
  [/[\r\n]/, "contains a line break", lineBreakRemedy],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
  [/[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u0085\u2028\u2029]/, "contains a control character", otherRemedy],
  [/^\s*(["'`]).*\1\s*$/s, "stands in quotes", quotesRemedy],
  [/\s$/, "ends in a blank", otherRemedy],
  [/^\s/, "begins with a blank", otherRemedy],
];

/** What each of these forms contains, so that an intact value costs one regular expression. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const suspicious = /[\s\u0000-\u001f\u007f\u0085"'`]/;

/**
 * How a value was damaged on its way into a variable; `undefined`: it was not.
 *
 * @param isFree whether the value may have blanks and quotes on purpose, as a password may
 */
export function textFault(value: string, isFree = false): TextFault | undefined {
  if (!suspicious.test(value)) return undefined;
  const [, problem, remedy] = [...always, ...(isFree ? [] : unlessPassword)].find(([form]) => form.test(value)) ?? [];
  return problem === undefined || remedy === undefined ? undefined : { problem, remedy };
}

/** The remedy for a path that leads nowhere; one that begins with `~` was written for a shell. */
export function remedyForPath(path: string, remedy: string): string {
  return /(?:^|[\\/])~[\\/]/.test(path) ? "Write the whole path: `~` is expanded by shells alone." : remedy;
}

/**
 * The text of a file, without a byte order mark: UTF-8, or UTF-16 as Windows PowerShell and Notepad
 * write it.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const encoding = isBigEndian ? "utf-16be" : isLittleEndian ? "utf-16le" : "utf-8";
  return bytes.length < 2 ? String.fromCharCode(...bytes) : new TextDecoder(encoding).decode(bytes);
}
