import { expect, it } from "vitest";
import { createMemo } from "./memoize.ts";
import { createTextOf } from "./plain.ts";

/** Whether two lists of arguments are taken for the same. */
function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  const memo = createMemo<object>(10, createTextOf());
  return memo.get(a, () => ({})) === memo.get(b, () => ({}));
}

it("a memo keeps one value for equal plain arguments", () => {
  expect(same(["a", { b: [1, null, { c: true }] }], ["a", { b: [1, null, { c: true }] }])).toBe(true);
  expect(same([{ a: 1, b: undefined }], [{ a: 1 }])).toBe(true);
});

it.each([
  ["another name", ["a"], ["b"]],
  ["another option", [{ a: 1 }], [{ a: 2 }]],
  ["one argument more", ["a"], ["a", "b"]],
  ["the same text in other pieces", ["a", "b"], ["a,b"]],
  ["a number and its text", [1], ["1"]],
  ["null and an empty object", [null], [{}]],
])("keeps values apart by %s", (_, a, b) => {
  expect(same(a, b)).toBe(false);
});

it("a memo compares functions by identity at any depth", () => {
  const make = () => () => 1;
  const one = make();
  expect(same([{ getAssertion: one }], [{ getAssertion: one }])).toBe(true);
  expect(same([{ getAssertion: one }], [{ getAssertion: make() }])).toBe(false);
});

it("a memo compares class instances by identity, whatever their toJSON returns", () => {
  class Credential {
    toJSON() {
      return "[redacted]";
    }
  }
  const one = new Credential();
  expect(same([one], [one])).toBe(true);
  expect(same([one], [new Credential()])).toBe(false);
  expect(same([new Map([["a", 1]])], [new Map([["a", 1]])])).toBe(false);
});

it("a memo never mistakes a plain argument for an object that it compares by identity", () => {
  const known = createMemo<string>(10, createTextOf());
  known.get([() => 1], () => "function");
  for (const guess of [{}, { id: 0 }, 0, "0"]) expect(known.get([guess], () => "plain")).toBe("plain");
});

it("a memo makes values of copies, so that changed arguments make a new value and leave the first one unchanged", () => {
  const memo = createMemo<{ readonly of: unknown }>(10, createTextOf());
  const options = { clientId: "A", nested: { list: ["a"] }, bytes: Buffer.from("a") };
  const get = (given: object) => memo.get(["name", given], ([, of]) => ({ of: structuredClone(of), live: of }));
  const first = get(options) as { readonly of: unknown; readonly live?: unknown };
  options.clientId = "B";
  options.nested.list.push("b");
  options.bytes.fill(0);
  expect(get(options)).not.toBe(first);
  expect(get({ clientId: "A", nested: { list: ["a"] }, bytes: Buffer.from("a") })).toBe(first);
  expect(structuredClone(first.live)).toEqual(first.of);
});

it("a memo compares bytes by content", () => {
  expect(same([Buffer.from("a")], [Buffer.from("a")])).toBe(true);
  expect(same([Buffer.from("a")], [Buffer.from("b")])).toBe(false);
});

it("a memo drops the value that was used least recently when there are too many", () => {
  const memo = createMemo<string>(2, createTextOf());
  const get = (name: string, value = `${name} again`) => memo.get([name], () => value);
  get("a", "first a");
  get("b", "first b");
  get("a");
  get("c", "first c");
  expect(get("a")).toBe("first a");
  expect(get("c")).toBe("first c");
  expect(get("b")).toBe("b again");
});

it("a memo keeps nothing when making a value fails", () => {
  const memo = createMemo<string>(2, createTextOf());
  expect(() =>
    memo.get(["a"], () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(memo.get(["a"], () => "made")).toBe("made");
});
