import { styleText } from "node:util";
import type { Attempt, Walk } from "@azidentity/core";

/** A walk as a table: who was asked, in which order, and what came of it. */
export function walkTable({ attempts }: Walk): string {
  const rows = attempts.map(({ source, outcome, ms, reason }) => [source, outcome, `${ms.toFixed(0)} ms`, reason]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map(([source = "", outcome = "", ms = "", reason = ""]) => {
      const colored = styleText(colorOf(outcome as Attempt["outcome"]), outcome.padEnd(width(1)));
      return `  ${source.padEnd(width(0))}  ${colored}  ${ms.padStart(width(2))}  ${reason}`;
    })
    .join("\n");
}

/** `styleText` leaves the colour out where nobody wants it: no terminal, or NO_COLOR. */
function colorOf(outcome: Attempt["outcome"]): "green" | "yellow" | "red" {
  if (outcome === "token") return "green";
  return ["not-configured", "not-installed", "not-signed-in", "unreachable", "timeout"].includes(outcome)
    ? "yellow"
    : "red";
}
