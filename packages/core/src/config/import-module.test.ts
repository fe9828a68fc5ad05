import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("the import of a file that is only known at run time is marked for webpack and vite, which would warn", () => {
  const text = readFileSync(new URL("./import-module.ts", import.meta.url), "utf8");
  const imports = text.match(/\bimport\((?:\s*\/\*.*?\*\/)*/g);
  expect(imports).toEqual(["import(/* webpackIgnore: true */ /* @vite-ignore */"]);
});
