import { parseSync, Visitor } from "oxc-parser";
import type { Plugin } from "rolldown";

/**
 * Removes methods of a class, and with them what only they use: bundlers drop functions that nothing
 * calls, but not methods.
 */
export function dropMethods(module: RegExp, names: readonly string[]): Plugin {
  return {
    name: "drop-methods",
    transform(code, id) {
      if (!module.test(id)) return null;
      const spans = new Map<string, { readonly start: number; readonly end: number }>();
      new Visitor({
        MethodDefinition({ key, start, end }) {
          if (key.type === "Identifier" && names.includes(key.name)) spans.set(key.name, { start, end });
        },
      }).visit(parseSync(id, code).program);
      const gone = names.filter((name) => !spans.has(name));
      if (gone.length > 0) throw new Error(`${id} has no method ${gone.join(", ")}.`);
      const last = [...spans.values()].sort((a, b) => b.start - a.start);
      return last.reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), code);
    },
  };
}
