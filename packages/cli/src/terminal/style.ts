import type { Host, Output } from "../host.ts";

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Functions that surround a text with the sequences of a terminal, or return it as it is. */
export type Style = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/**
 * Whether an output shows colours: a terminal does, unless NO_COLOR is set (https://no-color.org)
 * or it is "dumb"; FORCE_COLOR has them in a pipe, too.
 */
export function hasColours(output: Output, { environment }: Pick<Host, "environment">): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return output.isTTY === true && TERM !== "dumb";
}

/** The style of an output. */
export function styleOf(output: Output, host: Pick<Host, "environment">): Style {
  const isColoured = hasColours(output, host);
  const styled = Object.entries(codes).map(([name, [on, off]]) => {
    return [name, (text: string) => (isColoured && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text)];
  });
  return Object.fromEntries(styled);
}
