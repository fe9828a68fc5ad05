import { expect, it } from "vitest";
import { missingDocs } from "./doc-comments.ts";
import { readDeclarations } from "./read-declarations.ts";
import { throwingFunctions } from "./throwing-functions.ts";

const codes = new Set(["no-scope", "closed"]);

/** What the comments of a declaration file lack, as one line for each fault. */
function faults(source: string, throwsAtOnce = false): string[] {
  const file = readDeclarations("a.d.ts", source);
  return [...file.declared].flatMap(([name, { nodes }]) =>
    nodes.flatMap((node) =>
      missingDocs(name, node, file, { codes, throwsAtOnce }).map((one) => `${one.name} ${one.problem}`),
    ),
  );
}

it.each([
  ["a type", "export interface A {}", ["A has no doc comment"]],
  ["a type with a line comment", "// A.\nexport interface A {}", ["A has no doc comment"]],
  ["a type with a plain block comment", "/* A. */\nexport interface A {}", ["A has no doc comment"]],
  ["a type below the comment of another one", "/** B. */\ntype B = 1;\nexport type A = 1;", ["A has no doc comment"]],
  ["a constant", "export declare const a: 1;", ["a has no doc comment"]],
  ["a property", "/** A. */\ninterface A { readonly b: 1 }", ["A.b has no doc comment"]],
  ["a property of an alias", "/** A. */\ntype A = B & { b: 1 };", ["A.b has no doc comment"]],
  [
    "a field of a class",
    "/** A. */\nexport declare class A { b: 1; private c; #d; constructor(); }",
    ["A.b has no doc comment"],
  ],
  ["the call of an interface", "/** A. */\ninterface A { (): void }", ["A.() has no doc comment"]],
])("A missing doc comment is found: %s", (_, source, expected) => {
  expect(faults(source)).toEqual(expected);
});

it.each([
  ["a type with its members", "/** A. */\nexport interface A {\n  /** B. */\n  b: 1;\n  [Symbol.dispose](): void;\n}"],
  ["the alternatives of a union", "/** Either. */\ntype A = { b: 1 } | { c: 1 };"],
  ["what is declared inside an option", "/** A. */\ninterface A {\n  /** B. */\n  b: { c: 1 };\n}"],
])("Nothing is missing from %s", (_, source) => {
  expect(faults(source)).toEqual([]);
});

const fn = (doc: string, returns = "Promise<void>") => `/** ${doc} */\nexport declare function f(): ${returns};`;

it("What returns a promise names its errors, or says that it never rejects", () => {
  expect(faults(fn("Does."))).toEqual(["f can fail, and has no @throws"]);
  expect(faults(fn("Does.", "1 | PromiseLike<1>"))).toEqual(["f can fail, and has no @throws"]);
  expect(faults(fn("Does. Never rejects."))).toEqual([]);
  expect(faults(fn("Does.\n * @throws {IdentityError} `no-scope`"))).toEqual([]);
  expect(faults(fn("Does.\n * @throws {IdentityError} each code of docs/errors.md"))).toEqual([]);
  expect(faults(fn("Does.\n * @throws {TypeError} the name is unknown"))).toEqual([]);
  expect(faults("/** A. */\ninterface A {\n  /** B. */\n  b(): Promise<void>;\n}")).toEqual([
    "A.b can fail, and has no @throws",
  ]);
});

it("An error of azidentity is named by codes that exist", () => {
  expect(faults(fn("Does.\n * @throws {IdentityError} always"))).toEqual(["f has a @throws without codes"]);
  expect(faults(fn("Does.\n * @throws {AbortError} `closed`, `shut`"))).toEqual([
    "f names the code shut, which no error has",
  ]);
});

it("Options that hold a callback, and functions that return a source of promises, are no call that can fail", () => {
  expect(faults("/** A. */\ninterface A {\n  /** B. */\n  b: () => Promise<void>;\n}")).toEqual([]);
  expect(faults(fn("Makes.", "{ get(): Promise<void> }"))).toEqual([]);
  expect(faults(fn("Makes.", "() => Promise<void>"))).toEqual([]);
});

it("A function that throws at once names its errors", () => {
  expect(faults(fn("Does.", "void"), true)).toEqual(["f can fail, and has no @throws"]);
});

it("Functions that throw are found by their own throw, and by that of a function that they call", () => {
  const source = `
    function direct() { throw new Error(); }
    function outer() { if (x) middle(); }
    function middle() { return direct(); }
    function inner() { return () => { throw new Error(); }; }
    async function rejects() { throw new Error(); }
    function none() { return other(); }`;
  expect(throwingFunctions("a.ts", source).sort()).toEqual(["direct", "middle", "outer"]);
});
