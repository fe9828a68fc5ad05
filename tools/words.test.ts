import { expect, it } from "vitest";
import { findRefusedWords, refusedWords } from "./words.ts";

const wordsIn = (text: string) => findRefusedWords("a.ts", text).map((one) => /^a\.ts:\d+ (.+)$/m.exec(one)?.[1]);

it.each([
  ["in a sentence", "Nobody's caller waits.", ["nobody"]],
  ["in camel case", "const openDoors = doorOf(x);", ["door"]],
  ["in upper case with underscores", "MAX_PATIENCE", ["patience"]],
  ["in kebab case", '"of-somebody-else"', ["somebody"]],
  ["as a phrase", "A file that is written by half.", ["by half"]],
  ["with a hyphen", "one time-out each", ["time-out"]],
  ["twice on a line", "Everybody told it.", ["everybody", "told"]],
])("a refused word is found %s", (_, text, expected) => {
  expect(wordsIn(text)).toEqual(expected);
});

it.each([
  "Promise.withResolvers, operations, generations, camera, folder, extends, recommended, lender",
  "Azure Front Door",
  "ANewOne",
  "Requests time out after ten seconds.",
  "One half is read by the other.",
  "import scenery from './muteness.ts'",
])("a text without refused words has none: %s", (text) => {
  expect(wordsIn(text)).toEqual([]);
});

it("the message has the file, the line and the term to write instead", () => {
  expect(findRefusedWords("docs/a.md", "First.\nKnock twice.")).toEqual([
    "docs/a.md:2 knock\n    Write instead: probe.",
  ]);
});

it("no word is refused twice, and every replacement is free of refused words", () => {
  const all = refusedWords.flatMap(({ words }) => words);
  expect(new Set(all).size).toBe(all.length);
  expect(refusedWords.flatMap(({ instead }) => wordsIn(instead))).toEqual([]);
});
