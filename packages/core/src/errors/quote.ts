/**
 * Runs of blanks, line breaks, control characters, and of format characters, which turn the
 * direction of a text or hide in it. The one that joins emoji stays.
 */
// biome-ignore lint/complexity/useRegexLiterals: V8 would make the tables of Unicode for a literal when a program loads this file, a twelfth of what its import takes
const gaps = () => new RegExp(String.raw`(?:\s|\p{Cc}|(?!\u200d)\p{Cf})+`, "gu");
/** What would end the quotation, or follow it a second time. */
const doubleQuotes = /["\u201c\u201d]/g;
/** Marks at the end. Not `;`, which may end an escape of HTML: a secret is recognized by it. */
const end = /[\s.:,…]+$/;

const defaultMaxLength = 200;

/**
 * Text of another program for a message: in one line and in quotation marks, shortened, and without
 * the full stop at its end, because the sentence around it has one. Secrets are not removed: pass
 * it through `redact` first.
 *
 * @example
 * `It printed: ${quote(text)}. Run: az login` // It printed: "Please sign in". Run: az login
 */
export function quote(text: string, maxLength = defaultMaxLength): string {
  const line = text.replace(gaps(), " ").replace(doubleQuotes, "'").trim();
  const characters = [...line.slice(0, 2 * maxLength + 2)];
  if (characters.length <= maxLength) return `"${line.replace(end, "")}"`;
  return `"${characters.slice(0, maxLength).join("").replace(end, "")}…"`;
}

/**
 * Characters of a whole message without the attempts of a chain; the words of others are shortened
 * to fit in.
 */
export const maxMessageLength = 400;
/** Characters of others' words that a message has at least. */
const minQuoteLength = 60;

/**
 * A message that ends with the words of others: `start`, and as much of `text` in quotation marks
 * as the remedy that follows leaves room for.
 */
export function quoteInMessage(start: string, text: string, remedy: string): string {
  const room = maxMessageLength - start.length - remedy.length - '"…". '.length;
  return `${start}${quote(text, Math.max(minQuoteLength, room))}.`;
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/**
 * A duration for a message: `90_000` is `"2 minutes"`. Rounded up, so that nothing is repeated too
 * early.
 */
export function durationInWords(ms: number): string {
  const [name, size] = units.find(([, unitMs]) => ms > unitMs) ?? ["second", 1_000];
  const count = Math.max(1, Math.ceil(ms / size));
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
