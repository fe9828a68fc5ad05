import fc from "fast-check";
import { expect, it } from "vitest";
import { durationInWords, quote } from "./quote.ts";

it.each([
  ["Please run 'az login'.", "\"Please run 'az login'\""],
  ["  two\r\n\tlines\u2028here\u0007 ", '"two lines here"'],
  ['a "word" of “others”', "\"a 'word' of 'others'\""],
  ["it goes on ...", '"it goes on"'],
  ["", '""'],
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
