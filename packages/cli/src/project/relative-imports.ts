import { readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";

/** More files than any config imports; the rest is not looked at. */
const maxFiles = 500;

/**
 * Specifiers of `import`, `export from`, `import()` and `require()` that are relative paths, or
 * names of the package itself.
 */
const specifiers = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'`])((?:\.{1,2}\/|#)[^"'`\n]+)\1/g;

/** What Node.js may mean by a path without its ending. */
const endings = ["", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".json", "/index.js", "/index.cjs", "/index.ts"];

/** Whether it is a file; a pipe or a device, which may never end, is none. */
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * What a specifier names by the rules of CommonJS, such as the main file of a folder; `undefined`:
 * nothing.
 */
function required(specifier: string, importer: string): string | undefined {
  try {
    const found = createRequire(importer).resolve(specifier);
    return isFile(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The path in a specifier of an ES module, which is a URL. */
function pathOf(specifier: string): string {
  const [path = ""] = specifier.split(/[?#]/);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The file that a relative path, or a name of the package itself, means in a file; `undefined`:
 * there is none.
 */
export function fileOf(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith("#")) return required(specifier, importer);
  const paths = [specifier, pathOf(specifier)].map((path) => resolve(dirname(importer), path));
  const found = paths.flatMap((path) => endings.map((ending) => path + ending)).find(isFile);
  return found ?? required(specifier, importer);
}

/**
 * The files that programs consist of: themselves, and what they and those import by a relative
 * path. What comes from packages is not followed. Read as text, so that nothing runs. Where a path
 * is a symbolic link, it is the file behind it, as for Node.js.
 *
 * @param roots full paths
 */
export function filesOfProgram(roots: readonly string[]): readonly string[] {
  const files = new Set(roots.map((file) => realpathSync(file)));
  for (const each of files) {
    if (files.size > roots.length + maxFiles || each.endsWith(".json") || each.endsWith(".node")) continue;
    for (const [, , specifier = ""] of readFileSync(each, "utf8").matchAll(specifiers)) {
      const found = fileOf(specifier, each);
      if (found !== undefined) files.add(realpathSync(found));
    }
  }
  return [...files];
}
