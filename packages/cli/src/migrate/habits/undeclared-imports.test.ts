import { expect, it } from "vitest";
import { findHabits } from "./find-habits.ts";
import { undeclaredImports } from "./undeclared-imports.ts";

const locked = (name: string, version: string) => ({ id: name, name, version, folder: undefined, asks: [] });
const going = undeclaredImports([
  locked("@azure/identity", "4.14.1"),
  locked("@azure/logger", "1.3.0"),
  locked("open", "10.1.0"),
]);
const linesIn = (code: string) => findHabits(code, going).map(({ line }) => line);

it.each([
  'import open from "open";',
  "import open from 'open';",
  'import "open";',
  'const open = require("open");',
  'const { default: open } = await import("open");',
  'export { default } from "open/index.js";',
  'jest.mock("open", () => jest.fn());',
  'import { setLogLevel } from "@azure/logger";',
])("a package that goes is found in a file that does not mention @azure/identity: %s", (code) => {
  expect(linesIn(`\n${code}`)).toEqual([2]);
});

it.each([
  'import { open } from "node:fs/promises";',
  'import opener from "opener";',
  'import open from "./open";',
  'import { x } from "@azure/logger-js";',
  'const mode = "open";',
  '// import open from "open";',
  'import { DefaultAzureCredential } from "@azure/identity";',
])("nothing goes that is imported in: %s", (code) => {
  expect(linesIn(code)).toEqual([]);
});

it("the version that is installed is named, to be added", () => {
  expect(going.map(({ difference }) => difference).join("\n")).toContain("open@^10.1.0");
});
