import { expect, it } from "vitest";
import { findWideComments } from "./comment-width.ts";

const words = (columns: number) => "word ".repeat(columns / 5).trimEnd();
const widthOf = (text: string) => findWideComments("a.ts", text).length;

it.each([
  ["a line", `// ${words(100)}`],
  ["a block of one line", `  /** ${words(95)} */`],
  ["a line of a block", `/**\n * ${words(100)}\n */`],
  ["a comment behind code that is wider than the formatter allows", `const one = 1; // ${words(110)}`],
])("%s that is too wide is found", (_, text) => {
  expect(widthOf(text)).toBe(1);
});

it.each([
  ["a line of 100 columns", `// ${words(95)}`],
  ["an address that cannot be wrapped", ` * https://learn.microsoft.com/${"a".repeat(100)}`],
  ["an example", `/**\n * @example\n * ${words(110)}\n */`],
  ["a directive", `// biome-ignore lint/style/useConst: ${words(100)}`],
  ["a long text with an address", `const url = "https://a.example/ // ${words(110)}";`],
  ["a comment behind code within the width of the formatter", `const one = 1; // ${words(100)}`],
])("%s is no wide comment", (_, text) => {
  expect(widthOf(text)).toBe(0);
});

it("a line after an example is a comment again, and the message has file and line", () => {
  const text = `/**\n * @example\n * call()\n */\n// ${words(100)}`;
  expect(findWideComments("a.ts", text)).toEqual(["a.ts:5 A comment is wider than 100 columns."]);
});
