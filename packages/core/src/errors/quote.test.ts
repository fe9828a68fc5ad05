import fc from "fast-check";
import { expect, it } from "vitest";
import { durationInWords, quote, quoteInMessage } from "./quote.ts";

it.each([
  ["Please run 'az login'.", "\"Please run 'az login'\""],
  ["  two\r\n\tlines\u2028here\u0007 ", '"two lines here"'],
  ['a "word" of “others”', "\"a 'word' of 'others'\""],
  ["it goes on ...", '"it goes on"'],
  ["", '""'],
  ["read\u202e backwards\u2066\u200b", '"read backwards"'],
])("quote writes %j as %s", (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});

it("quote shortens text without splitting a character", () => {
  expect(quote("🙂".repeat(10), 4)).toBe('"🙂🙂🙂🙂…"');
  expect(quote("one. two", 4)).toBe('"one…"');
});

it("quote always returns one line within its limit, and no mark that would end it early", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 50 }), (text, max) => {
      const quoted = quote(text, max);
      expect(quoted).toMatch(/^"[^"\r\n]*"$/);
      expect(quoted).not.toMatch(/\."$/);
      expect([...quoted].length).toBeLessThanOrEqual(max + 3);
    }),
    { seed: 7, numRuns: 1_000 },
  );
});

it("quoteInMessage leaves room for the remedy, so that the message has at most 400 characters", () => {
  const [start, remedy] = ["az: It failed. It printed: ", "Run: az login"];
  expect(quoteInMessage(start, "No account.", remedy)).toBe('az: It failed. It printed: "No account".');
  expect(`${quoteInMessage(start, "long ".repeat(200), remedy)} ${remedy}`.length).toBeLessThanOrEqual(400);
  expect(quoteInMessage("a".repeat(500), "word ".repeat(50), remedy)).toMatch(/"(?:word ){11}word?…"\.$/);
});

it.each([
  [0, "1 second"],
  [1_000, "1 second"],
  [4_200, "5 seconds"],
  [60_000, "60 seconds"],
  [90_000, "2 minutes"],
  [3 * 3_600_000, "3 hours"],
  [172_800_001, "3 days"],
])("durationInWords writes %i ms as %s", (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});
