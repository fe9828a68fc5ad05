import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { splitDefault, typeOf } from "./configuration-page.ts";

it.each([
  ["Client id. Default: AZURE_CLIENT_ID.", "Client id.", "AZURE_CLIENT_ID"],
  ["Folder. Default ~/.azure.", "Folder.", "~/.azure"],
  ["Write secrets. Default false; refused in production.", "Write secrets. Refused in production.", "false"],
  [
    "Default: the broker's own. A signed application has another.",
    "A signed application has another.",
    "the broker's own",
  ],
  ["Domain of the page.", "Domain of the page.", ""],
])("the default in %j is found", (description, text, initial) => {
  expect(splitDefault(description)).toEqual({ text, initial });
});

it("types of JSON Schemas are described in words", () => {
  expect(typeOf({ type: ["string", "null"] })).toBe("string or null");
  expect(typeOf({ type: "string", enum: ["a", "b"] })).toBe("`a`, `b`");
  expect(typeOf({ type: "array", items: { type: "string" } })).toBe("list of string");
  expect(typeOf({ anyOf: [{ type: "string" }, { type: "object", properties: { env: {} } }] })).toBe(
    "string or reference",
  );
  expect(typeOf({ description: "A function." })).toBe("in code only");
});

/**
 * Families that have one line on the page, and variables that the packages set for programs that
 * they start.
 */
const unlisted = /^AZURE_KUBERNETES_|^AZIDENTITY_.*_TIMEOUT_MS$|^AZURE_CORE_|^AZIDENTITY_(?:POWERSHELL_|BROKER_CALL$)/;

it("docs/configuration.md names every Azure variable that the packages read", () => {
  const page = readFileSync("docs/configuration.md", "utf8");
  const sources = globSync("packages/{core,plugin-*}/src/**/*.ts", { exclude: ["**/*.test.ts", "**/test-kit/**"] });
  const names = sources.flatMap(
    (file) => readFileSync(file, "utf8").match(/\b(?:AZIDENTITY|AZURE)_[A-Z_]*[A-Z]\b/g) ?? [],
  );
  const listed = (name: string) => page.includes(`\`${name}\``) || unlisted.test(name);
  expect(names.length).toBeGreaterThan(50);
  expect([...new Set(names)].filter((name) => !listed(name))).toEqual([]);
});
