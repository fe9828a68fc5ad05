import type { TextPosition } from "./text-position.ts";

/** A place in a program. */
export interface ProgramPlace extends TextPosition {
  readonly file: string;
}

const pathOf = (name: string): string =>
  name.startsWith("file:") ? process.getBuiltinModule("node:url").fileURLToPath(name) : name;

/**
 * Where Node.js found a syntax error. It puts the file, the line, and a caret below it before the
 * stack of CommonJS and of TypeScript; of an ES module in JavaScript it tells the place to the
 * terminal alone.
 */
function syntaxPlaceOf([head = "", ...rest]: readonly string[]): ProgramPlace | undefined {
  const [, name, line] = /^(file:.+|[\\/].+|[A-Za-z]:[\\/].+):(\d+)$/.exec(head) ?? [];
  if (name === undefined) return undefined;
  const caret = rest.slice(0, rest.indexOf("")).find((one) => /^\s*\^+\s*$/.test(one));
  return { file: pathOf(name), line: Number(line), column: 1 + Math.max(0, caret?.indexOf("^") ?? 0) };
}

/** The innermost frame in a file. */
function frameIn(file: string, lines: readonly string[]): ProgramPlace | undefined {
  for (const text of lines) {
    const [, name = "", line, column] = /^\s+at (?:.*\()?(?:async )?(.+):(\d+):(\d+)\)?$/.exec(text) ?? [];
    const isFrame = name.startsWith("file:") || name.startsWith(file);
    if (isFrame && pathOf(name) === file) return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** Where the stack of an error says that a program is wrong, or a module that it imports. */
export function programPlaceOf(file: string, error: unknown): { syntax?: ProgramPlace; frame?: ProgramPlace } {
  const { stack } = Object(error) as Partial<Error>;
  if (typeof stack !== "string") return {};
  const lines = stack.split("\n");
  try {
    const real = process.getBuiltinModule("node:fs").realpathSync(file); // the one that stacks name
    const own = (place: ProgramPlace | undefined) => (place?.file === real ? { ...place, file } : place);
    return { syntax: own(syntaxPlaceOf(lines)), frame: own(frameIn(real, lines)) };
  } catch {
    return {}; // it has changed meanwhile, or another program has written the stack
  }
}
