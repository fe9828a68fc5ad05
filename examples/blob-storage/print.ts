import { styleText } from "node:util";
import type { Walk } from "@azidentity/core";

/**
 * A walk as a table: the sources in order, with outcome, time and reason. In colour if the terminal
 * supports it.
 */
export function walkTable({ attempts }: Walk): string {
  const width = (cells: string[]) => Math.max(...cells.map((cell) => cell.length));
  const sources = width(attempts.map(({ source }) => source));
  const outcomes = width(attempts.map(({ outcome }) => outcome));
  return attempts
    .map(({ source, outcome, ms, reason }) => {
      const color = outcome === "token" ? "green" : "yellow";
      const cells = [source.padEnd(sources), styleText(color, outcome.padEnd(outcomes)), ms.toFixed(0).padStart(4)];
      return `  ${cells.join("  ")} ms  ${reason}`;
    })
    .join("\n");
}
