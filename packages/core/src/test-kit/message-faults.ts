import { type IdentityError, isIdentityError } from "../errors/errors.ts";
import { problemOf } from "../errors/outcome-error.ts";
import { maxMessageLength } from "../errors/quote.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const lineBreak = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
/** Two full stops in a row, also with a quotation mark between them. */
const twoStops = /[.:]["'`)]?\s*\.(?![\w/\\])/;

/** What a quotation holds; the words of others stand in one. */
const quotations = (message: string) => [...message.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);

/** The message with the last character of each quotation alone: what others say is theirs. */
const withoutQuotations = (message: string) => message.replace(/"[^"]*([^"])"/g, '"$1"');

/**
 * What is wrong with the message of an error, as sentences; none for a good one. A message is one
 * line of at most 400 characters: what happened, in a sentence; what others said, in quotation
 * marks, ended by one full stop; and the remedy.
 *
 * @param foreign words that another program said, each of which has to stand in quotation marks
 */
export function messageFaults(error: IdentityError, foreign: readonly string[] = []): string[] {
  const { message, remedy = "" } = error;
  const problem = problemOf(error);
  const { length } = [...message];
  const quoted = quotations(message);
  const checks: readonly (readonly [boolean, string])[] = [
    [remedy.trim() === "", "It has no remedy."],
    [!message.endsWith(` ${remedy}`), "It does not end with its remedy."],
    [remedy !== "" && !problem.endsWith("."), "No full stop stands before the remedy."],
    [length > maxMessageLength, `It has ${length} characters.`],
    [lineBreak.test(message), "It has a line break or a control character."],
    [twoStops.test(withoutQuotations(message)), "It has two full stops in a row."],
    [message.split('"').length % 2 === 0, "A quotation mark has no partner."],
    ...foreign.map((text) => {
      const isQuoted = !message.includes(text) || quoted.some((quotation) => quotation.includes(text));
      return [!isQuoted, `These words are not quoted: ${text}`] as const;
    }),
  ];
  return checks.filter(([isFault]) => isFault).map(([, fault]) => fault);
}

const codeForm = /^[a-z]+(?:-[a-z0-9]+)*$/;

/**
 * What is wrong with the result of an acquisition, a token or what it rejected with, as sentences;
 * none for a usable token, and for an error of azidentity with a code and a good message. For tests
 * with input that is damaged.
 */
export function resultFaults(result: unknown): string[] {
  if (isIdentityError(result)) {
    const faults = messageFaults(result);
    return codeForm.test(result.code) ? faults : [...faults, `Its code is ${result.code}.`];
  }
  const { token, expiresOnTimestamp } = Object(result) as { token?: unknown; expiresOnTimestamp?: unknown };
  if (typeof token === "string" && token !== "" && Number.isFinite(expiresOnTimestamp)) return [];
  return [`It is neither a token nor an error of azidentity: ${String(result)}`];
}
