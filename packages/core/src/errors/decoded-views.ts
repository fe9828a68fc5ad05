/** A text as a reader of some encoding sees it, and where each of its letters comes from. */
export interface View {
  readonly text: string;
  /**
   * Index in the original text at which each letter begins, and after the last one that of the end.
   */
  readonly starts: ArrayLike<number>;
}

/**
 * One encoding: what is encoded, and as pairs what each piece of it stands for and how long the
 * piece is.
 */
interface Encoding {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => readonly (readonly [letters: string, length: number])[];
}

const letters = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const entities = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Escapes of JSON (RFC 8259 section 7), and those of JavaScript and Python beside them. */
const json: Encoding = {
  pattern: /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(["'\\/bfnrt]))/g,
  read: ([whole, unicode, byte, letter = ""]) => {
    const hex = unicode ?? byte;
    const text = hex === undefined ? (letters.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(hex, 16));
    return [[text, whole.length]];
  },
};

/** Bytes of a letter in UTF-8, by its first one. */
function lengthOfLetter(first: number): number {
  if (first < 0xc2) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function decodeLetter(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined; // not UTF-8
  }
}

/** Percent encoding (RFC 3986 section 2.1). What is not UTF-8 is read byte by byte, as Latin-1. */
const percent: Encoding = {
  pattern: /(?:%[0-9a-fA-F]{2})+/g,
  read: ([whole]) => {
    const pieces: [string, number][] = [];
    for (let at = 0; at < whole.length; ) {
      const first = Number.parseInt(whole.slice(at + 1, at + 3), 16);
      const encoded = whole.slice(at, at + 3 * lengthOfLetter(first));
      const letter = decodeLetter(encoded);
      pieces.push(letter === undefined ? [String.fromCharCode(first), 3] : [letter, encoded.length]);
      at += letter === undefined ? 3 : encoded.length;
    }
    return pieces;
  },
};

/** Character references of HTML: numbers, and the names that every encoder knows. */
const html: Encoding = {
  pattern: /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g,
  read: ([whole, decimal, hex, name = ""]) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    const text = entities.get(name) ?? (code <= 0x10ffff ? String.fromCodePoint(code) : whole);
    return [[text, whole.length]];
  },
};

/**
 * How often a text may have been encoded: a server's echo in JSON, in claims, in an error body is
 * in JSON four times.
 */
const depth = 5;
/** Views of one text; hostile texts could have more, and each is searched. */
const most = 40;

/** The text with all that is in this encoding decoded; `undefined` when nothing is. */
function decode({ text, starts }: View, { pattern, read }: Encoding): View | undefined {
  let plain = "";
  let last = 0;
  const origins: number[] = [];
  const copyTo = (end: number) => {
    plain += text.slice(last, end);
    for (let at = last; at < end; at++) origins.push(starts[at] as number);
  };
  for (const match of text.matchAll(pattern)) {
    copyTo(match.index);
    let at = match.index;
    for (const [piece, length] of read(match)) {
      plain += piece;
      for (let unit = 0; unit < piece.length; unit++) origins.push(starts[at] as number);
      at += length;
    }
    last = at;
  }
  if (last === 0) return undefined;
  copyTo(text.length);
  origins.push(starts[text.length] as number);
  return { text: plain, starts: origins };
}

/**
 * The text itself, and all that it is when escapes of JSON, percent encoding and HTML are undone in
 * any order.
 */
export function decodedViews(text: string): readonly View[] {
  const views: View[] = [{ text, starts: Array.from({ length: text.length + 1 }, (_, index) => index) }];
  const seen = new Set([text]);
  for (let done = 0, level = 0; level < depth && done < views.length; level++) {
    const { length } = views;
    for (; done < length; done++) {
      for (const encoding of [json, percent, html]) {
        const view = decode(views[done] as View, encoding);
        if (view === undefined || seen.has(view.text) || views.length >= most) continue;
        seen.add(view.text);
        views.push(view);
      }
    }
  }
  return views;
}
