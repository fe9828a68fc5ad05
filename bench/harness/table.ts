import type { Row, Value } from "./row.ts";
import { digits } from "./row.ts";

const headings = ["figure", "ours", "peer", "floor", "must reach", "measured", ""];

function show(value: Value, unit: string): string {
  if (value === undefined) return "-";
  return typeof value === "string" ? value : `${digits(value)} ${unit}`.trim();
}

export function cellsOf(row: Row): string[] {
  const { figure, unit, ours, peer, floor, must, measured, ok } = row;
  return [figure, show(ours, unit), show(peer, unit), show(floor, unit), must, measured, ok ? "ok" : "MISSED"];
}

export function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [headings, headings.map(() => "---"), ...rows.map(cellsOf)].map(line).join("\n");
}

/** Columns for a terminal; the widths are fixed, because rows are printed as they come. */
export function printedRow(cells: readonly string[]): string {
  const widths = [76, 12, 17, 10, 40, 36, 6];
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join(" ")
    .trimEnd();
}

export const printedHeadings = printedRow(headings);
