import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** More files than any config has; the rest is not looked at. */
const maxFiles = 500;

/** Specifiers of `import`, `export from`, `import()` and `require()` that are relative paths. */
const specifiers = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'`])(\.{1,2}\/[^"'`\n]+)\1/g;

/** What Node.js, or a file of CommonJS, may mean by a path without its ending. */
const endings = ["", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".json", "/index.js", "/index.cjs", "/index.ts"];

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The file that a relative path names; `undefined`: there is none. */
function fileOf(path: string): string | undefined {
  return endings.map((ending) => path + ending).find(isFile);
}

/**
 * The files that a program consists of: itself, and what it and those import by a relative path. What
 * comes from packages is not followed. Read as text, so that nothing runs.
 *
 * @param file full path
 */
export function filesOfProgram(file: string): readonly string[] {
  const files = new Set([file]);
  for (const each of files) {
    if (files.size > maxFiles || each.endsWith(".json")) continue;
    for (const [, , path = ""] of readFileSync(each, "utf8").matchAll(specifiers)) {
      const found = fileOf(resolve(dirname(each), path));
      if (found !== undefined) files.add(found);
    }
  }
  return [...files];
}
