/** Terminal control sequences: colours, cursor, titles, links. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
/** Byte order marks, and the null characters that UTF-16 leaves between others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const marks = /[\uFEFF\uFFFD\u0000]/g;
/**
 * The start of a JSON object or array. Nearly all brackets in prose do not match.
 */
const opensJson = /\{[ \t\r\n]{0,64}["}]|\[[ \t\r\n]{0,64}[[{"\]\-\dtfn]/y;

/** A tool's output as plain text. */
export function plainText(output: string): string {
  return output.replace(ansi, "").replace(marks, "").replaceAll("\r\n", "\n").trim();
}

/**
 * The steps that are left to a search; reading a character is one step. Without a limit, a text of
 * brackets that do not close would be read again for every bracket, in quadratic time.
 */
export interface Budget {
  left: number;
}

/** How often a text may be read. The output of a working tool is read twice. */
const maxReads = 16;
/**
 * The steps for an error of `JSON.parse`, which takes as long as reading thousands of characters:
 * ten microseconds.
 */
const failedParseSteps = 1_000;

/**
 * The budget for a text of this many characters. The minimum is enough for about two hundred
 * brackets in prose.
 */
export const budgetFor = (length: number): Budget => ({ left: Math.max(200 * failedParseSteps, maxReads * length) });

/** The index after the JSON value that begins at `start`, if its brackets close. */
function endOfJson(text: string, start: number, budget: Budget): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length && budget.left > 0; at++, budget.left--) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return undefined;
}

function parse(text: string, budget: Budget): unknown {
  budget.left -= text.length;
  try {
    return JSON.parse(text);
  } catch {
    budget.left -= failedParseSteps;
    return undefined;
  }
}

/** Whether a JSON value can begin here. */
function mayOpen(text: string, at: number): boolean {
  opensJson.lastIndex = at;
  return opensJson.test(text);
}

/**
 * The last JSON object in a text that has a member of this name. An array is one value; objects in
 * it are ignored. The time is linear in the length of the text; in a text of broken brackets,
 * objects beyond the budget are not found.
 */
export function findObject(
  text: string,
  member: string,
  budget = budgetFor(text.length),
): Readonly<Record<string, unknown>> | undefined {
  let found: Readonly<Record<string, unknown>> | undefined;
  for (let at = 0; at < text.length && budget.left > 0; at++) {
    if ((text[at] !== "{" && text[at] !== "[") || !mayOpen(text, at)) continue;
    const end = endOfJson(text, at, budget);
    const value = end === undefined ? undefined : parse(text.slice(at, end), budget);
    if (end === undefined || value === undefined) continue; // a bracket in prose
    if (!Array.isArray(value) && Object.hasOwn(value as object, member)) found = value as typeof found;
    at = end - 1;
  }
  return found;
}
