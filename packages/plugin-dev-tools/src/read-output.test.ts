import { expect, it } from "vitest";
import { budgetFor, findObject, plainText } from "./read-output.ts";

it("findObject returns the last object with the member at the top level", () => {
  expect(findObject('{"a":1} x {"a":2} {"b":3}', "a")).toEqual({ a: 2 });
  expect(findObject('{"outer":{"a":1}}', "a")).toBeUndefined();
  expect(findObject('[{"a":1}]', "a")).toBeUndefined();
});

it("findObject ignores brackets and quotes in strings", () => {
  expect(findObject('say "{" [now] {"a":"}\\"]"}', "a")).toEqual({ a: '}"]' });
  expect(findObject('{ broken {"a":1}', "a")).toEqual({ a: 1 });
});

/** Hostile texts of about that many characters. */
const hostile: Readonly<Record<string, (characters: number) => string>> = {
  "opening braces": (characters) => "{".repeat(characters),
  "opening brackets": (characters) => "[".repeat(characters),
  "opening brackets of both kinds": (characters) => "[{".repeat(characters / 2),
  "objects that never close": (characters) => '{"a":'.repeat(characters / 5),
  "lists of objects that never close": (characters) => '[{"a":'.repeat(characters / 6),
  "texts that never close": (characters) => '{"'.repeat(characters / 2),
  "values that close and are no JSON": (characters) => '{"a"}'.repeat(characters / 5),
  "nested values that close and are no JSON": (characters) =>
    `${'{"'.repeat(characters / 4)}${'"}'.repeat(characters / 4)}`,
  backslashes: (characters) => `{"${"\\".repeat(characters)}`,
  "brackets apart from what they hold": (characters) => `{${" ".repeat(40)}`.repeat(characters / 41),
};

/** The characters that were read in a text. */
function steps(text: string): number {
  const budget = budgetFor(text.length);
  const all = budget.left;
  findObject(text, "none", budget);
  return all - budget.left;
}

it.each(Object.entries(hostile))("findObject takes linear time for %s", (_, make) => {
  const [small, large] = [make(50_000), make(400_000)];
  expect(steps(large)).toBeLessThanOrEqual(10 * steps(small));
  expect(steps(large)).toBeLessThan(20 * large.length);
});

it.each(["{", "[", "[{", '{"a":', '{"a"}', '{"a', `{${" ".repeat(40)}`])(
  "findObject finds an object after a hundred times %j",
  (noise) => {
    expect(findObject(`${noise.repeat(100)}\n{"token":"t"}`, "token")).toEqual({ token: "t" });
  },
);

it("findObject finds an object after many brackets in prose, and after an object that never closes", () => {
  const prose = "Traceback {0} [INFO] {name: x} [*] {}\n".repeat(5_000);
  expect(findObject(`${prose}{"token":"t"}`, "token")).toEqual({ token: "t" });
  expect(findObject(`{"broken": [1, 2\n{"token":"t"}`, "token")).toEqual({ token: "t" });
});

it("findObject finds an object as long as the whole output", () => {
  const text = JSON.stringify({ token: "t".repeat(500_000), list: Array.from({ length: 1_000 }, () => ({ a: [1] })) });
  expect(findObject(text, "token")?.token).toHaveLength(500_000);
});

it("plainText removes the terminal's control sequences", () => {
  expect(plainText("\uFEFF\u001b[1;31mred\u001b[0m \u001b]8;;https://x\u0007link\u001b]8;;\u0007\r\n")).toBe(
    "red link",
  );
});
