import { expect, it } from "vitest";
import { textFault, unquoted } from "./variable-text.ts";

it.each([
  ["plain", undefined, undefined],
  ["secret\n", "ends in a line break", "ends in a line break"],
  ["secret\r\n", "ends in a line break", "ends in a line break"],
  ["secret\n ", "ends in a line break", "ends in a line break"],
  ["\nsecret", "begins with a line break", "begins with a line break"],
  ["\uFEFFsecret", "begins with a byte order mark", "begins with a byte order mark"],
  ["a\0b", "contains a null character", "contains a null character"],
  ["a\nb", "contains a line break", undefined],
  ['"secret"', "stands in quotes", undefined],
  [" 'secret' ", "stands in quotes", undefined],
  ["secret ", "ends in a blank", undefined],
  ["\tsecret", "begins with a blank", undefined],
  ['"half', undefined, undefined],
  ["", undefined, undefined],
])("%j as an id or secret %s, as a password %s", (value, asId, asPassword) => {
  expect(textFault(value)?.problem).toBe(asId);
  expect(textFault(value, true)?.problem).toBe(asPassword);
});

it.each([
  [" a ", "a"],
  ['"a"', "a"],
  ["' a '", "a"],
  ['"a', '"a'],
  ['"', '"'],
  ["", ""],
])("unquoted takes white space and a pair of quotes off %j", (text, result) => {
  expect(unquoted(text)).toBe(result);
});
