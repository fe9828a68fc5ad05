import type { Host } from "../host.ts";
import { columnsOf, wrapped } from "./width.ts";
import { write } from "./write.ts";

/**
 * Writes a text for people to standard error: broken between words on a terminal, whole in a pipe.
 * Text of others in it has to be plain (`plainLine`).
 */
export function say({ errorOutput }: Pick<Host, "errorOutput">, text: string): Promise<void> {
  const lines = errorOutput.isTTY === true ? wrapped(text, columnsOf(errorOutput)) : [text];
  return write(errorOutput, `${lines.join("\n")}\n`);
}
