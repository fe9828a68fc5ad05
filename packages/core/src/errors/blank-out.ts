import { decodedViews, type View } from "./decoded-views.ts";
import { quote } from "./quote.ts";

/**
 * Letters of the shortest secret that is blanked out. Shorter ones stand in words by chance: a
 * secret "a" would blank out the alphabet.
 */
const minSecretLength = 8;
/** Letters of the shortest beginning of a secret that is blanked out where a text was cut. */
const minBeginningLength = 4;
/** A line of a key or certificate that is blanked out by itself. */
const minLineLength = 16;
/** Letters that a cut can leave of an escape: `%F0%9F%98` of one letter that takes twelve. */
const maxHalfEscapeLength = 11;
/** Places at which a text was cut that are looked at, the last ones. */
const maxCuts = 8;

/** A form writes a blank as `+`, so that both count as the same letter. */
const fold = (text: string) => text.replaceAll("+", " ");

/**
 * Base64 of a secret that stands in longer bytes, such as `id:secret`, for each of the three ways
 * in which its bits can lie.
 */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret, "utf8")]);
    const whole = Math.floor((bytes.length * 8) / 6); // the letters after these depend on what follows
    return (["base64", "base64url"] as const).map((name) =>
      bytes.toString(name).slice(Math.ceil((before * 8) / 6), whole),
    );
  });
}

/** A secret as `quote` writes it in a message, without its quotation marks. */
const asQuoted = (secret: string) => quote(secret, secret.length).slice(1, -1);

/**
 * What is looked for in each view of a text: the secret, what it is when it is an encoding itself,
 * in a quotation, its base64, its lines.
 */
function formsOf(secrets: readonly string[]): readonly string[] {
  const given = secrets.map((secret) => secret.trim()).filter(({ length }) => length >= minSecretLength);
  const forms = given.flatMap((secret) => [
    ...decodedViews(secret).flatMap(({ text }) => [text.trim(), asQuoted(text)]),
    ...base64Forms(secret),
    ...secret
      .split("\n")
      .map((line) => line.trim())
      .filter(({ length }) => length >= minLineLength),
  ]);
  return [...new Set(forms.filter(({ length }) => length >= minSecretLength).map(fold))];
}

/** A stretch of the original text. */
type Range = readonly [from: number, to: number];

function rangesOf({ text, starts }: View, forms: readonly string[]): Range[] {
  const folded = fold(text);
  return forms.flatMap((form) => {
    const found: Range[] = [];
    for (let at = folded.indexOf(form); at >= 0; at = folded.indexOf(form, at + form.length))
      found.push([starts[at] as number, starts[at + form.length] as number]);
    return found;
  });
}

/** Where a text was cut: before dots that say so, and at its end if it was cut here. */
function cutsOf(text: string, isCut: boolean): number[] {
  const earlierCuts = [...text.matchAll(/(?<!\.)\.{3}|…/g)].map(({ index }) => index);
  return (isCut ? [...earlierCuts, text.length] : earlierCuts).slice(-maxCuts);
}

/** The longest beginning of a form that ends at `end`. */
function beginningAt(text: string, end: number, form: string): number {
  for (let length = Math.min(form.length - 1, end); length >= minBeginningLength; length--) {
    if (text[end - 1] === form[length - 1] && text.startsWith(form.slice(0, length), end - length)) return length;
  }
  return 0;
}

/**
 * Where the longest beginning of a form starts that stands before a cut, with half an escape behind
 * it if the cut has left one. The half may itself look like a beginning, of a secret that begins
 * with an escape, so that every end is looked at.
 */
function beginningBefore(text: string, cut: number, form: string): number | undefined {
  let start: number | undefined;
  for (let end = cut; end >= Math.max(0, cut - maxHalfEscapeLength); end--) {
    const length = beginningAt(text, end, form);
    if (length > 0) start = Math.min(start ?? cut, end - length);
  }
  return start;
}

/** Beginnings of secrets that stand where the text was cut. */
function cutRangesOf({ text, starts }: View, forms: readonly string[], isCut: boolean): Range[] {
  const folded = fold(text);
  return cutsOf(folded, isCut).flatMap((cut) =>
    forms.flatMap((form): Range[] => {
      const start = beginningBefore(folded, cut, form);
      return start === undefined ? [] : [[starts[start] as number, starts[cut] as number]];
    }),
  );
}

function blankRanges(text: string, ranges: Range[]): string {
  let result = "";
  let done = 0;
  for (const [from, to] of ranges.sort(([a, b], [c, d]) => a - c || d - b)) {
    if (to <= done) continue;
    if (from >= done) result += `${text.slice(done, from)}[redacted]`;
    done = to; // a range that overlaps the one before belongs to the same blank
  }
  return result + text.slice(done);
}

/**
 * The text with `[redacted]` in place of each of these secrets, whether it stands there as it is or
 * escaped as JSON, percent or form encoded, as HTML, in base64, or in several of these over each
 * other. Secrets of fewer than eight letters stay. What lies beyond `limit` is cut off first, so
 * that a long text takes no longer than a short one.
 */
export function blankOut(text: string, secrets: readonly string[], limit = 16_384): string {
  const isCut = text.length > limit;
  const given = isCut ? text.slice(0, limit) : text;
  const forms = formsOf(secrets);
  if (forms.length === 0) return isCut ? `${given}...` : text;
  const ranges = decodedViews(given).flatMap((view) => [...rangesOf(view, forms), ...cutRangesOf(view, forms, isCut)]);
  return blankRanges(given, ranges) + (isCut ? "..." : "");
}
