import { expect, it } from "vitest";
import { findObject, plainText } from "./read-output.ts";

it("takes the last object with the member, at the top level", () => {
  expect(findObject('{"a":1} x {"a":2} {"b":3}', "a")).toEqual({ a: 2 });
  expect(findObject('{"outer":{"a":1}}', "a")).toBeUndefined();
  expect(findObject('[{"a":1}]', "a")).toBeUndefined();
});

it("is not fooled by brackets and quotes in texts", () => {
  expect(findObject('say "{" [now] {"a":"}\\"]"}', "a")).toEqual({ a: '}"]' });
  expect(findObject('{ broken {"a":1}', "a")).toEqual({ a: 1 });
});

it("gives up on a text that is nothing but brackets", () => {
  expect(findObject("{[".repeat(300_000), "a")).toBeUndefined();
});

it("takes the terminal's control sequences away", () => {
  expect(plainText("\uFEFF\u001b[1;31mred\u001b[0m \u001b]8;;https://x\u0007link\u001b]8;;\u0007\r\n")).toBe(
    "red link",
  );
});
