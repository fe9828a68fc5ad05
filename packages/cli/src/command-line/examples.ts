import type { Host } from "../host.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf, wrapped } from "../terminal/width.ts";
import type { Example } from "./description.ts";

/** The part of a help text that shows examples; commands stay whole, so that they can be copied. */
export function examplesText(examples: readonly Example[], host: Pick<Host, "output" | "environment">): string {
  const { bold, dim } = styleOf(host.output, host);
  const width = columnsOf(host.output);
  const lines = examples.flatMap(({ command, meaning }) => [
    ...wrapped(meaning, width - 4).map((line) => `  ${dim(`# ${line}`)}`),
    `  ${command}`,
  ]);
  return `\n${bold("Examples:")}\n${lines.join("\n")}`;
}
