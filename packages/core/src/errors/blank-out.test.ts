import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blankOut } from "./blank-out.ts";
import { decodedViews } from "./decoded-views.ts";
import { quote } from "./quote.ts";

const everyLetter = (text: string, encode: (unit: string) => string) => Array.from(text, encode).join("");
const hex = (text: string, length: number) => text.charCodeAt(0).toString(16).padStart(length, "0");
const unicode = (text: string) => text.replace(/[\s\S]/g, (unit) => `\\u${hex(unit, 4)}`);
const bytes = (text: string) => [...Buffer.from(text, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`);

/** The encodings in which a server may echo what it was sent. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  "no encoding": (text) => text,
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "JSON with escaped slashes": (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
  "JSON without a plain letter": unicode,
  "JSON without a plain letter, in capitals": (text) => unicode(text).toUpperCase().replaceAll("\\U", "\\u"),
  "JSON as .NET writes it": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/\\"|[+&<>'`]|[^\x20-\x7e]/g, (unit) => unicode(unit === '\\"' ? '"' : unit)),
  "percent encoding": (text) => encodeURIComponent(text),
  "percent encoding of every byte": (text) => bytes(text).join(""),
  "percent encoding in capitals": (text) => bytes(text).join("").toUpperCase(),
  "form encoding": (text) => new URLSearchParams({ s: text }).toString().slice(2),
  HTML: (text) =>
    text.replace(/[&<>"']/g, (one) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }[one]};`),
  "HTML in decimal numbers": (text) => everyLetter(text, (one) => `&#${one.codePointAt(0)};`),
  "HTML in hexadecimal numbers": (text) => everyLetter(text, (one) => `&#x${one.codePointAt(0)?.toString(16)};`),
};
const names = Object.keys(encodings);
const encode = (text: string, by: readonly string[]) =>
  by.reduce((result, name) => encodings[name]?.(result) ?? "", text);

/** Secrets of letters that encodings change, and of what looks like an encoding itself. */
const units = [..."\\\"'+/%&=<>#;: ~uxA4ab019é☃😀\n\t", "%41", "\\u002b", "&amp;", "\\n"];
const secret = fc
  .array(fc.constantFrom(...units), { minLength: 8, maxLength: 24 })
  .map((letters) => letters.join(""))
  .filter((text) => text.trim() === text && text.length >= 8);

describe("a secret is blanked out", () => {
  it.each(names)("a secret is blanked out in %s, whatever letters it has", (name) => {
    fc.assert(
      fc.property(secret, (text) => {
        expect(blankOut(`before: ${encode(text, [name])} :after`, [text])).toBe("before: [redacted] :after");
      }),
    );
  });

  it("a secret is blanked out in up to three encodings over each other", () => {
    const layers = fc.array(fc.constantFrom(...names), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(secret, layers, (text, by) => {
        expect(blankOut(`before: ${encode(text, by)} :after`, [text])).toBe("before: [redacted] :after");
      }),
      { numRuns: 500 },
    );
  });

  it("a secret is blanked out in base64 and base64url, alone and behind other bytes, as in basic credentials", () => {
    const before = fc.string({ maxLength: 9 });
    fc.assert(
      fc.property(secret, before, before, fc.constantFrom("base64", "base64url"), (text, start, end, name) => {
        const encoded = Buffer.from(`${start}${text}${end}`).toString(name as "base64");
        const shown = blankOut(`before: ${encoded} :after`, [text]);
        expect(shown).toContain("[redacted]");
        // of the secret no more than the bits at its ends that share a letter with its neighbours
        const left = /^before: (.*)\[redacted\](.*) :after$/s.exec(shown)?.slice(1, 3) ?? [];
        const most = Math.ceil((Buffer.byteLength(start + end) * 4) / 3) + 6;
        expect(left.join("").length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it("when the secret given is itself encoded and the server shows what it decoded", () => {
    expect(blankOut("I got pa/ss word&", ["pa%2Fss+word%26"])).toBe("I got [redacted]");
  });

  it("without the white space around it, and each long line of it by itself", () => {
    const key = `-----BEGIN KEY-----\n${"abcdEFGH".repeat(4)}\n${"ijklMNOP".repeat(4)}\n-----END KEY-----\n`;
    expect(blankOut(`I got ${"ijklMNOP".repeat(4)}.`, [key])).toBe("I got [redacted].");
    expect(blankOut("I got top-secret.", ["top-secret\n"])).toBe("I got [redacted].");
  });

  it("a secret is blanked out once where it overlaps itself or another, and as often as it stands there", () => {
    expect(blankOut("abababababab", ["abababab"])).toBe("[redacted]abab");
    expect(blankOut("12345678abcdefgh", ["12345678abcd", "abcdefgh"])).toBe("[redacted]");
    expect(blankOut("secret-1 secret-1", ["secret-1"])).toBe("[redacted] [redacted]");
  });
});

describe("a text that is cut", () => {
  it("a text that is cut shows no beginning of a secret at its end, whatever it is encoded in", () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...names), fc.nat({ max: 400 }), (text, name, shown) => {
        const filler = "-".repeat(100);
        const encoded = encode(text, [name]);
        const limit = filler.length + (shown % encoded.length);
        const result = blankOut(filler + encoded, [text], limit);
        const left = result
          .slice(100)
          .replace("[redacted]", "")
          .replace(/\.{3}$/, "");
        // three letters are no secret, and half an escape stands for none
        expect(Math.min(...decodedViews(left).map((view) => view.text.length))).toBeLessThanOrEqual(3 + 11);
        const beginning = text.slice(0, 4);
        // the escape of its first letter may look like a secret that begins with an escape
        const [raw, ...decoded] = decodedViews(left).map((view) => view.text);
        const views = encode(String.fromCodePoint(text.codePointAt(0) ?? 0), [name]).startsWith(beginning)
          ? decoded
          : [raw, ...decoded];
        for (const view of views) expect(view?.startsWith(beginning)).toBe(false);
      }),
    );
  });

  it("a text that is cut shows no beginning of a secret before half an escape that looks like one", () => {
    const secret = "\\u002b>top-secret";
    expect(blankOut(`I got ${secret.slice(0, 7)}\\u00-`, [secret], 17)).toBe("I got [redacted]...");
  });

  it("a text that is cut shows no beginning of a secret before dots that an earlier cut has left", () => {
    expect(blankOut("You sent top-secr... and more", ["top-secret"])).toBe("You sent [redacted]... and more");
  });
});

it.each(['"quoted"-secret', "two  blanks\tand a tab", "ends with dots...", "“curly quotes” 123"])(
  "the secret %j is blanked out of a quotation, which changes some characters",
  (secret) => {
    const message = `It answered: ${quote(`You sent ${secret}`)}.`;
    expect(blankOut(message, [secret])).toBe('It answered: "You sent [redacted]".');
  },
);

it("the beginning of a secret is blanked out where a quotation was shortened", () => {
  const message = `It answered: ${quote("You sent secret-secret-secret", 20)}.`;
  expect(blankOut(message, ["secret-secret-secret"])).toBe('It answered: "You sent [redacted]…".');
});

describe("a text is left as it is", () => {
  it.each([
    ["a secret of seven letters", ["letters", "a", ""]],
    ["no secret", []],
    ["a secret that is not in it", ["something else"]],
  ])("a text is left as it is with %s", (_, secrets) => {
    const text = "seven letters, 100% & a \\ backslash &amp; so on...";
    expect(blankOut(text, secrets)).toBe(text);
  });
});

/** Texts of about that many letters, of which each letter begins something. */
const hostile: Readonly<Record<string, (length: number) => string>> = {
  backslashes: (length) => "\\".repeat(length),
  "percent signs": (length) => "%25".repeat(length / 3),
  "escaped escapes": (length) => "\\u005cu0025".repeat(length / 11),
  "entities of entities": (length) => "&amp;#38;".repeat(length / 9),
  "dots that say it was cut": (length) => "secre... ".repeat(length / 9),
  "beginnings of the secret": (length) => "secret-secret-secret-secre".repeat(length / 26),
};

it.each(Object.entries(hostile))("a megabyte of %s is cut before it is looked through", (_, make) => {
  const views = decodedViews(make(16_384));
  expect(views.length).toBeLessThanOrEqual(40);
  expect(views.every(({ text }) => text.length <= 16_384)).toBe(true);
  expect(blankOut(make(1_048_576), ["secret-secret-secret-secret"]).length).toBeLessThan(2 * 16_384);
});
