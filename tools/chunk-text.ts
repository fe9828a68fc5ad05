/** Plugins that change the text of built chunks. */
import { parseSync, Visitor } from "oxc-parser";
import type { Plugin } from "rolldown";

/**
 * Writes other characters than ASCII as escapes: with one of them, V8 keeps two bytes for each
 * character of a file, and takes longer to parse it. None is in a `String.raw` text.
 */
export const ascii: Plugin = {
  name: "ascii",
  generateBundle(_, bundle) {
    const toAscii = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    for (const chunk of Object.values(bundle))
      if (chunk.type === "chunk") chunk.code = chunk.code.replace(/[^\0-\x7f]/g, toAscii);
  },
};

/**
 * Removes the tabs at the beginnings of lines, 5 % of a file. No text in the sources begins a line
 * with one.
 */
export const unindented: Plugin = {
  name: "unindented",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      new Visitor({
        TemplateElement({ value }) {
          if (value.raw.includes("\n\t")) throw new Error(`${chunk.fileName} has a text with a tab: ${value.raw}`);
        },
      }).visit(parseSync(chunk.fileName, chunk.code).program);
      chunk.code = chunk.code.replace(/^\t+/gm, "");
    }
  },
};

/**
 * In CommonJS a module that is loaded on first use is required: not every host of CommonJS (Jest,
 * `vm`) has an `import()`. That of a name which is known at run time alone remains.
 */
export const requireOnFirstUse: Plugin = {
  name: "require-on-first-use",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === "chunk")
        chunk.code = chunk.code.replace(/\bimport\(((["'`])[^"'`]+\2)\)/g, "Promise.resolve().then(() => require($1))");
  },
};

/**
 * In a bundle by webpack, `import.meta.url` is that of the source file on the machine that built
 * it, which may be of another system, or a folder where another account may put packages. There it
 * is `undefined`, as in a CommonJS bundle by esbuild. webpack knows `__webpack_require__` when it
 * builds.
 */
export const ownUrl: Plugin = {
  name: "own-url",
  generateBundle(_, bundle) {
    const url = '(typeof __webpack_require__ === "undefined" ? import.meta.url : void 0)';
    for (const chunk of Object.values(bundle))
      if (chunk.type === "chunk") chunk.code = chunk.code.replaceAll("import.meta.url", url);
  },
};
