import { expect, it } from "vitest";
import { budgetFor, findObject, plainText } from "./read-output.ts";

it("takes the last object with the member, at the top level", () => {
  expect(findObject('{"a":1} x {"a":2} {"b":3}', "a")).toEqual({ a: 2 });
  expect(findObject('{"outer":{"a":1}}', "a")).toBeUndefined();
  expect(findObject('[{"a":1}]', "a")).toBeUndefined();
});

it("is not fooled by brackets and quotes in texts", () => {
  expect(findObject('say "{" [now] {"a":"}\\"]"}', "a")).toEqual({ a: '}"]' });
  expect(findObject('{ broken {"a":1}', "a")).toEqual({ a: 1 });
});

/** Hostile texts of about that many letters. */
const hostile: Readonly<Record<string, (letters: number) => string>> = {
  "opening braces": (letters) => "{".repeat(letters),
  "opening brackets": (letters) => "[".repeat(letters),
  "opening brackets of both kinds": (letters) => "[{".repeat(letters / 2),
  "objects that never close": (letters) => '{"a":'.repeat(letters / 5),
  "lists of objects that never close": (letters) => '[{"a":'.repeat(letters / 6),
  "texts that never close": (letters) => '{"'.repeat(letters / 2),
  "values that close and are no JSON": (letters) => '{"a"}'.repeat(letters / 5),
  "nested values that close and are no JSON": (letters) => `${'{"'.repeat(letters / 4)}${'"}'.repeat(letters / 4)}`,
  backslashes: (letters) => `{"${"\\".repeat(letters)}`,
  "brackets apart from what they hold": (letters) => `{${" ".repeat(40)}`.repeat(letters / 41),
};

/** Letters that were looked at for a text. */
function steps(text: string): number {
  const budget = budgetFor(text.length);
  const all = budget.left;
  findObject(text, "none", budget);
  return all - budget.left;
}

it.each(Object.entries(hostile))("the search for an object takes linear time in %s", (_, make) => {
  const [small, large] = [make(50_000), make(400_000)];
  expect(steps(large)).toBeLessThanOrEqual(10 * steps(small));
  expect(steps(large)).toBeLessThan(20 * large.length);
});

it.each(["{", "[", "[{", '{"a":', '{"a"}', '{"a', `{${" ".repeat(40)}`])(
  "an object is found after a hundred times %j",
  (noise) => {
    expect(findObject(`${noise.repeat(100)}\n{"token":"t"}`, "token")).toEqual({ token: "t" });
  },
);

it("an object is found behind many brackets of prose, and behind one object that never closes", () => {
  const prose = "Traceback {0} [INFO] {name: x} [*] {}\n".repeat(5_000);
  expect(findObject(`${prose}{"token":"t"}`, "token")).toEqual({ token: "t" });
  expect(findObject(`{"broken": [1, 2\n{"token":"t"}`, "token")).toEqual({ token: "t" });
});

it("an object as long as the whole output is found", () => {
  const text = JSON.stringify({ token: "t".repeat(500_000), list: Array.from({ length: 1_000 }, () => ({ a: [1] })) });
  expect(findObject(text, "token")?.token).toHaveLength(500_000);
});

it("takes the terminal's control sequences away", () => {
  expect(plainText("\uFEFF\u001b[1;31mred\u001b[0m \u001b]8;;https://x\u0007link\u001b]8;;\u0007\r\n")).toBe(
    "red link",
  );
});
