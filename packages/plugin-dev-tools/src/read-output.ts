/** Terminal control sequences: colours, cursor, titles, links. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
/** Byte order marks, and the gaps that UTF-16 leaves between the letters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const marks = /[\uFEFF\uFFFD\u0000]/g;
/**
 * What stands after the bracket that opens an object or a list of JSON. Nearly all brackets of
 * prose are told apart by it.
 */
const opensJson = /\{[ \t\r\n]{0,64}["}]|\[[ \t\r\n]{0,64}[[{"\]\-\dtfn]/y;

/** A tool's output as plain text. */
export function plainText(output: string): string {
  return output.replace(ansi, "").replace(marks, "").replaceAll("\r\n", "\n").trim();
}

/**
 * Steps that a search may still take: letters it looks at, each time it does. A text of brackets
 * that do not close would else be read again for every bracket, which is quadratic.
 */
export interface Budget {
  left: number;
}

/** The text may be read that often; what a tool prints is read twice. */
const readings = 16;
/**
 * What an error of `JSON.parse` costs, in steps: ten microseconds, in which thousands of letters
 * are looked at.
 */
const failedParse = 1_000;

/**
 * The budget for a text of this many letters; that of a short one allows for some two hundred
 * brackets of prose.
 */
export const budgetFor = (length: number): Budget => ({ left: Math.max(200 * failedParse, readings * length) });

/** The index after the JSON value that begins at `start`, if its brackets close. */
function endOfJson(text: string, start: number, budget: Budget): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length && budget.left > 0; at++, budget.left--) {
    const letter = text[at];
    if (inString) {
      if (letter === "\\") at++;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === "{" || letter === "[") depth++;
    else if ((letter === "}" || letter === "]") && --depth === 0) return at + 1;
  }
  return undefined;
}

function parse(text: string, budget: Budget): unknown {
  budget.left -= text.length;
  try {
    return JSON.parse(text);
  } catch {
    budget.left -= failedParse;
    return undefined;
  }
}

/** Whether a JSON value can begin here. */
function mayOpen(text: string, at: number): boolean {
  opensJson.lastIndex = at;
  return opensJson.test(text);
}

/**
 * The last JSON object in a text that has a member of this name, whatever stands around it. An
 * array is one value, not its members. The time it takes grows with the length of the text and no
 * faster; what a text of broken brackets holds beyond the budget is not found.
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
    if (end === undefined || value === undefined) continue; // a bracket of prose
    if (!Array.isArray(value) && Object.hasOwn(value as object, member)) found = value as typeof found;
    at = end - 1;
  }
  return found;
}
