import { parseSync, Visitor } from "oxc-parser";
import type { Plugin } from "rolldown";

/**
 * Removes methods of a class, and with them what only they use: bundlers drop functions that nothing
 * calls, but not methods. Methods and functions that are called, but have nothing to do or are never
 * true, are emptied; minifiers drop what depends on their result.
 */
export function dropMethods(module: RegExp, names: readonly string[], emptied: readonly string[] = []): Plugin {
  return {
    name: "drop-methods",
    transform(code, id) {
      if (!module.test(id)) return null;
      const found = new Map<string, { readonly start: number; readonly end: number; readonly text: string }>();
      new Visitor({
        MethodDefinition({ key, start, end }) {
          if (key.type !== "Identifier") return;
          if (names.includes(key.name)) found.set(key.name, { start, end, text: "" });
          if (emptied.includes(key.name)) found.set(key.name, { start, end, text: `${key.name}() {}` });
        },
        FunctionDeclaration({ id: name, start, end }) {
          if (name !== null && emptied.includes(name.name))
            found.set(name.name, { start, end, text: `function ${name.name}() {}` });
        },
      }).visit(parseSync(id, code).program);
      const gone = [...names, ...emptied].filter((name) => !found.has(name));
      if (gone.length > 0) throw new Error(`${id} has no method or function ${gone.join(", ")}.`);
      const last = [...found.values()].sort((a, b) => b.start - a.start);
      return last.reduce((changed, { start, end, text }) => changed.slice(0, start) + text + changed.slice(end), code);
    },
  };
}
