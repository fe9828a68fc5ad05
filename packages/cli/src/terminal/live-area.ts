import type { Host, Output } from "../host.ts";
import { columnsOf, shortened, widthOf } from "./width.ts";

/** Lines at the end of a terminal that are redrawn in place. */
export interface LiveArea {
  /** Shows these lines in place of those before. In a pipe nothing is shown until `done`. */
  update(lines: readonly string[]): void;
  /** Shows the last lines for good, and the cursor again. Later updates show nothing. */
  done(lines: readonly string[]): void;
}

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";

/** Whether an output can be redrawn. */
export const isLive = (output: Output, { environment }: Pick<Host, "environment">): boolean =>
  output.isTTY === true && environment.TERM !== "dumb";

/**
 * Moves the cursor to the first of the lines that are shown, and deletes from there. A terminal may
 * have echoed `^C`.
 */
const clear = (shown: number) => (shown === 0 ? "" : `\r\u001b[${shown}A\u001b[0J`);

/**
 * Redraws lines in place on a terminal. A line that is wider than the terminal is shortened while
 * it is live, because a terminal would break it, and whole at the end.
 */
export function createLiveArea(output: Output, host: Pick<Host, "environment">): LiveArea {
  const live = isLive(output, host);
  let shown = 0;
  let isDone = false;
  const fitted = (line: string) => (widthOf(line) < columnsOf(output) ? line : shortened(line, columnsOf(output) - 1));
  return {
    update(lines) {
      if (!live || isDone) return;
      output.write(`${shown === 0 ? hideCursor : clear(shown)}${lines.map((line) => `${fitted(line)}\n`).join("")}`);
      shown = lines.length;
    },
    done(lines) {
      if (isDone) return;
      isDone = true;
      const text = lines.map((line) => `${line}\n`).join("");
      output.write(live ? `${clear(shown)}${text}${showCursor}` : text);
    },
  };
}
