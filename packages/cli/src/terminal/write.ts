import type { Output } from "../host.ts";
import { plainJson } from "./plain-text.ts";

/**
 * Writes a text, and waits until the reader has taken it. A reader that has closed the output is no
 * error: the process notices it, and ends quietly.
 */
export function write(output: Output, text: string): Promise<void> {
  if (output.destroyed || output.writableEnded || text === "") return Promise.resolve();
  return new Promise((resolve) => output.write(text, () => resolve()));
}

/** Writes a line. */
export const writeLine = (output: Output, line = ""): Promise<void> => write(output, `${line}\n`);

/** Writes a value as JSON, which may be shown on a terminal. */
export const writeJson = (output: Output, value: unknown): Promise<void> => write(output, `${plainJson(value, 2)}\n`);
