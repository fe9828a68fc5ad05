/** A place in a text, counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset. */
export function positionAt(text: string, offset: number): TextPosition {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Whether a text is JSON, or could become JSON if something followed. */
function isBeginningOfJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const at = /at position (\d+)/.exec(message)?.[1];
    return /^Unexpected end|^Unterminated/.test(message) || (at !== undefined && Number(at) >= text.length);
  }
}

/**
 * Where a text stops to be JSON. The parser tells that only for some mistakes, so the shortest
 * beginning that it refuses is looked for.
 */
export function findJsonFault(text: string): TextPosition {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isBeginningOfJson(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return positionAt(text, good);
}

/** Where the YAML parser says that a mistake is. */
export function yamlFaultOf(error: unknown): TextPosition | undefined {
  const { line, column } = Object(Object(error).mark) as Partial<TextPosition>;
  return typeof line === "number" && typeof column === "number" ? { line: line + 1, column: column + 1 } : undefined;
}
