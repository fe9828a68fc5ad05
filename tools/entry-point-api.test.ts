import { expect, it } from "vitest";
import { describeEntryPoint } from "./entry-point-api.ts";

/** `files`: path → text of a declaration file; the entry point is `index.d.ts`. */
function describe(files: Record<string, string>): string {
  return describeEntryPoint("index.d.ts", (path) => files[path] ?? `missing file ${path}`);
}

function headings(files: Record<string, string>): string[] {
  return describe(files).match(/^#.*/gm) ?? [];
}

it("the description of an entry point shows name, kind and signature, without comments and in order of names", () => {
  const api = describe({
    "index.d.ts": `export { load } from "./load.ts";\nexport type { Options } from "./load.ts";`,
    "load.d.ts": `
      /** Loads. */
      export interface Options {
          /** Where from. */
          readonly path: string;

          readonly retries?: number; // default 3
      }
      export declare function load(options: Options): Promise<void>;`.replaceAll("\n      ", "\n"),
  });
  expect(api).toBe(`## Options (interface)

\`\`\`ts
interface Options {
    readonly path: string;
    readonly retries?: number;
}
\`\`\`

## load (function)

\`\`\`ts
function load(options: Options): Promise<void>;
\`\`\``);
});

it("the description of an entry point knows every kind of declaration", () => {
  const source = `
    export declare class C {}
    export declare const k: 1;
    export type T = 1;
    export declare enum E { a }
    export declare namespace N {}
    declare const _default: 2;
    export default _default;`;
  expect(headings({ "index.d.ts": source })).toEqual([
    "## C (class)",
    "## E (enum)",
    "## N (namespace)",
    "## T (type)",
    "## default (const)",
    "## k (const)",
  ]);
});

it("the description of an entry point keeps all overloads, and what shares a name", () => {
  const api = describe({
    "index.d.ts": `
      export declare function f(a: 1): 1;
      export declare function f(a: 2): 2;
      export interface P {}
      export declare const P: P;`,
  });
  expect(api).toContain("function f(a: 1): 1;\nfunction f(a: 2): 2;");
  expect(api).toContain("## P (interface and const)");
});

it("the description of an entry point follows renames through files, and says when only the type of a value goes out", () => {
  const files = {
    "index.d.ts": `export { inner as outer, type Failure } from "./a/middle.js";`,
    "a/middle.d.ts": `import { Failure } from "../failure.ts"; export { first as inner } from "./first.ts"; export { Failure };`,
    "a/first.d.ts": "declare const first: 1; export { first };",
    "failure.d.ts": "export declare class Failure extends Error {}",
  };
  expect(headings(files)).toEqual(["## Failure (class, type only)", "## outer (const)"]);
});

it("the description of an entry point lists what signatures mention without exporting it", () => {
  const files = {
    "index.d.ts": `import type { Hidden } from "./hidden.ts";
      export interface Shown<T> extends Base { a: Hidden.Part; b: typeof constant; c: import("./far.ts").Far; d: Promise<T> }
      interface Base { base: 1 }
      declare const constant: 3;`,
    "hidden.d.ts": "export declare namespace Hidden { type Part = Deep } type Deep = 1; export {};",
    "far.d.ts": "export type Far = 1;",
  };
  expect(headings(files)).toEqual([
    "## Shown (interface)",
    "# Mentioned above, not exported",
    "## Base (interface)",
    "## Deep (type)",
    "## Far (type)",
    "## Hidden (namespace)",
    "## constant (const)",
  ]);
});

it("the description of an entry point names what another package declares", () => {
  expect(headings({ "index.d.ts": `export { compact as sign } from "jose";` })).toEqual(["## sign (compact of jose)"]);
});

it("the description of an entry point refuses export *", () => {
  expect(() => describe({ "index.d.ts": `export * from "./a.ts";` })).toThrow("export *");
});

it("the description of an entry point fails when a file asks for a name that the other does not have", () => {
  const files = { "index.d.ts": `export { a } from "./a.ts";`, "a.d.ts": "export {};" };
  expect(() => describe(files)).toThrow("index.d.ts wants a of a.d.ts, which does not export it");
});
