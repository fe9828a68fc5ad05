import { expect, it } from "vitest";
import { findJsonFault } from "./text-position.ts";

it.each<[string, number, number]>([
  ['{"a": 1,\n}', 2, 1],
  ['{\n  "a": x1,\n "b": 2}', 2, 8],
  ["{a: 1}", 1, 2],
  ['{"a": 1}}', 1, 9],
  ['{"a": [1, 2,]}', 1, 13],
  ['{\r\n"a": 1 // comment\r\n}', 2, 8],
  ['{"a": tru', 1, 10],
  ['{"a": "text', 1, 12],
  ["", 1, 1],
])("The fault in %j is in line %i, column %i", (text, line, column) => {
  expect(findJsonFault(text)).toEqual({ line, column });
});

it("The fault in a text of a megabyte is found", () => {
  expect(findJsonFault(`[${"1,\n".repeat(300_000)}x]`)).toEqual({ line: 300_001, column: 1 });
});
