import { existsSync, readFileSync } from "node:fs";
import { parseSync, Visitor } from "oxc-parser";

interface Body {
  throws: boolean;
  readonly calls: Set<string>;
}

/**
 * Names of the functions of a source file that throw before they return: with a `throw` in their
 * own body, or by calling such a function of the same file. What functions of other files throw is
 * not seen, and neither is what a caller catches.
 */
export function throwingFunctions(path: string, source = existsSync(path) ? readFileSync(path, "utf8") : ""): string[] {
  const bodies = readBodies(path, source);
  const throwing = new Set([...bodies].flatMap(([name, { throws }]) => (throws ? [name] : [])));
  for (let before = -1; before !== throwing.size; ) {
    before = throwing.size;
    for (const [name, { calls }] of bodies) if ([...calls].some((called) => throwing.has(called))) throwing.add(name);
  }
  return [...throwing];
}

/** The named functions of a file; what functions inside them do is not theirs. */
function readBodies(path: string, source: string): Map<string, Body> {
  const bodies = new Map<string, Body>();
  const open: (Body | undefined)[] = [];
  const enter = (name: string | undefined) => {
    const body = { throws: false, calls: new Set<string>() };
    if (name !== undefined) bodies.set(name, body);
    open.push(body);
  };
  const leave = () => void open.pop();
  new Visitor({
    FunctionDeclaration: (node) => enter(node.async ? undefined : node.id?.name),
    "FunctionDeclaration:exit": leave,
    FunctionExpression: () => enter(undefined),
    "FunctionExpression:exit": leave,
    ArrowFunctionExpression: () => enter(undefined),
    "ArrowFunctionExpression:exit": leave,
    ThrowStatement() {
      const body = open.at(-1);
      if (body !== undefined) body.throws = true;
    },
    CallExpression({ callee }) {
      if (callee.type === "Identifier") open.at(-1)?.calls.add(callee.name);
    },
  }).visit(parseSync(path, source).program);
  return bodies;
}
