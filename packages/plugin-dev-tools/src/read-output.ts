/** Terminal control sequences: colours, cursor, titles, links. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
/** Byte order marks, and the gaps that UTF-16 leaves between the letters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const marks = /[\uFEFF\uFFFD\u0000]/g;
/** Beginnings of JSON that are tried before a text counts as something else. */
const maxTries = 200;

/** A tool's output as plain text. */
export function plainText(output: string): string {
  return output.replace(ansi, "").replace(marks, "").replaceAll("\r\n", "\n").trim();
}

/** The index after the JSON value that begins at `start`, if its brackets close. */
function endOfJson(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The last JSON object in a text that has a member of this name, whatever stands around it. An array is one value, not its members. */
export function findObject(text: string, member: string): Readonly<Record<string, unknown>> | undefined {
  let found: Readonly<Record<string, unknown>> | undefined;
  let tries = 0;
  for (let at = 0; at < text.length && tries < maxTries; at++) {
    if (text[at] !== "{" && text[at] !== "[") continue;
    const end = endOfJson(text, at);
    const value = end === undefined ? undefined : parse(text.slice(at, end));
    if (end === undefined || value === undefined) {
      tries++;
      continue; // a bracket of somebody's prose
    }
    if (!Array.isArray(value) && Object.hasOwn(value as object, member)) found = value as typeof found;
    at = end - 1;
  }
  return found;
}
