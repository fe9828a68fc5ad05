import { type Expression, parseSync, Visitor } from "oxc-parser";
import type { Plugin } from "rolldown";

interface Cut {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a module has besides methods that nothing calls. */
interface Unneeded {
  readonly idle?: readonly string[];
  readonly emptied?: readonly string[];
  readonly unset?: readonly string[];
  readonly throws?: boolean;
  readonly loops?: boolean;
}

/** The name of the member of `this` that an expression calls or sets. */
function memberUsedBy(expression: Expression): string | undefined {
  const used =
    expression.type === "CallExpression"
      ? expression.callee
      : expression.type === "AssignmentExpression"
        ? expression.left
        : undefined;
  if (used?.type !== "MemberExpression" || used.object.type !== "ThisExpression") return undefined;
  return used.property.type === "Identifier" ? used.property.name : undefined;
}

/**
 * Removes methods of a class, and with them what only they use: bundlers drop functions that
 * nothing calls, but not methods. Of members that are idle (methods that are called, but have
 * nothing to do; fields that only removed methods read), the statements that call or set them are
 * removed too. Functions that are never true are emptied; minifiers drop what depends on their
 * result. Fields that are never set have their default; each `if` that asks for another value of
 * one is removed. With `throws`, errors are removed that no caller here can meet, and with `loops`,
 * loops over what is always empty.
 */
export function dropMethods(
  module: RegExp,
  names: readonly string[],
  { idle = [], emptied = [], unset = [], throws = false, loops = false }: Unneeded = {},
): Plugin {
  return {
    name: "drop-methods",
    transform(code, id) {
      if (!module.test(id)) return null;
      const cuts: Cut[] = [];
      new Visitor({
        MethodDefinition({ key, start, end }) {
          if (key.type !== "Identifier") return;
          if (names.includes(key.name) || idle.includes(key.name)) cuts.push({ name: key.name, start, end, text: "" });
        },
        ExpressionStatement({ expression, start, end }) {
          const name = memberUsedBy(expression);
          if (name !== undefined && idle.includes(name)) cuts.push({ name, start, end, text: ";" });
        },
        IfStatement({ test, start, end }) {
          const asked = code.slice(test.start, test.end);
          const name = unset.find((field) => asked.includes(`.${field} `));
          if (name !== undefined) cuts.push({ name, start, end, text: ";" });
        },
        ThrowStatement({ start, end }) {
          if (throws) cuts.push({ name: "throw", start, end, text: ";" });
        },
        ForOfStatement({ start, end }) {
          if (loops) cuts.push({ name: "for", start, end, text: ";" });
        },
        FunctionDeclaration({ id: given, start, end }) {
          const { name } = given ?? {};
          if (name !== undefined && emptied.includes(name))
            cuts.push({ name, start, end, text: `function ${name}() {}` });
        },
      }).visit(parseSync(id, code).program);
      const gone = [...names, ...idle, ...emptied, ...unset].filter((name) => !cuts.some((cut) => cut.name === name));
      if (gone.length > 0) throw new Error(`${id} has no method, field or function ${gone.join(", ")}.`);
      const isWithin = (inner: Cut, outer: Cut) =>
        inner !== outer && outer.start <= inner.start && inner.end <= outer.end;
      const outermost = cuts.filter((cut) => !cuts.some((other) => isWithin(cut, other)));
      return outermost
        .sort((a, b) => b.start - a.start)
        .reduce((changed, { start, end, text }) => changed.slice(0, start) + text + changed.slice(end), code);
    },
  };
}
