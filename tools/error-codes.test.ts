import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Where a code is written down in the sources: as a field, or as the first argument of what makes a coded error. */
const patterns = [
  /\bcode: "([a-z][a-z-]+)"/g,
  /\bConfigurationError\(\s*"([a-z][a-z-]+)"/g,
  /\brefuse\("([a-z]+-[a-z-]+)"/g,
];
/** Codes of issues inside a message, which never reach an error. */
const internal = ["wrong-type", "missing"];
const outcomes = [
  "not-configured",
  "not-installed",
  "not-signed-in",
  "unreachable",
  "timeout",
  "throttled",
  "interaction-required",
  "rejected",
  "misconfigured",
  "cancelled",
  "failed",
];

const sources = globSync("packages/{core,plugin-*}/src/**/*.ts", {
  exclude: ["**/*.test.ts", "**/*.test-d.ts", "**/test-kit/**"],
})
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
const documented = [...readFileSync("docs/errors.md", "utf8").matchAll(/^### `([a-z-]+)`$/gm)].map((match) => match[1]);

const inSources = patterns.flatMap((pattern) => [...sources.matchAll(pattern)].map((match) => match[1] as string));

it("documents every code that the sources have", () => {
  const codes = new Set([...inSources, ...outcomes].filter((code) => !internal.includes(code)));
  expect([...codes].filter((code) => !documented.includes(code)).sort()).toEqual([]);
});

it("documents no code that nothing has", () => {
  expect(documented.filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
});

it("documents each code once", () => {
  expect(documented).toEqual([...new Set(documented)]);
});

it.each(globSync("packages/*/README.md"))("%s names documented codes alone", (file) => {
  const text = readFileSync(file, "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith("Errors\n")) ?? "";
  const tables = text.match(/^\| code.*\n(?:\|.*\n)+/gm) ?? [];
  const rows = tables.flatMap((table) => table.split("\n").map((row) => row.split("|")[1] ?? ""));
  const named = [section.replace(/^\|.*$/gm, ""), ...rows].flatMap(
    (part) => part.match(/(?<=`)[a-z]+(?:-[a-z]+)+(?=`)/g) ?? [],
  );
  expect(named.filter((code) => !documented.includes(code))).toEqual([]);
});
