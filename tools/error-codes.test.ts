/**
 * The codes of errors: the union `ErrorCode`, the paragraphs of docs/errors.md and the sources
 * agree.
 */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const unions = ["error-code", "configuration-error-code", "entra-error-code"].map(
  (name) => `packages/core/src/contract/${name}.ts`,
);
/** The members of the union. The compiler refuses every other code where an error is made. */
const codes = unions.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/^ {2}\| "([a-z-]+)"|\| "([a-z-]+)";$/gm)].map(
    (match) => match[1] ?? match[2],
  ),
);
const declared = [...new Set(codes)].sort();
const documented = [...readFileSync("docs/errors.md", "utf8").matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);

const sources = globSync("packages/{core,plugin-*}/src/**/*.ts", {
  exclude: ["**/*.test.ts", "**/*.test-d.ts", "**/test-kit/**", ...unions],
})
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

it("docs/errors.md has one paragraph for each code of the union", () => {
  expect(documented.sort()).toEqual(declared);
});

it("The sources use each code of the union", () => {
  expect(declared.filter((code) => !new RegExp(`["\\s]${code}[":]`).test(sources))).toEqual([]);
});

it.each(globSync("packages/*/README.md"))("%s names only codes that docs/errors.md has", (file) => {
  const text = readFileSync(file, "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith("Errors\n")) ?? "";
  const tables = text.match(/^\| code.*\n(?:\|.*\n)+/gm) ?? [];
  const rows = tables.flatMap((table) => table.split("\n").map((row) => row.split("|")[1] ?? ""));
  const named = [section.replace(/^\|.*$/gm, ""), ...rows].flatMap(
    (part) => part.match(/(?<=`)[a-z]+(?:-[a-z]+)+(?=`)/g) ?? [],
  );
  expect(named.filter((code) => !documented.includes(code))).toEqual([]);
});
