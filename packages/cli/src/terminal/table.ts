import { padded, widthOf, wrapped } from "./width.ts";

/** A column of a table. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => string;
}

const gap = "  ";

/**
 * The lines of a table in at most `width` columns. Where it is too wide, each row is a list of
 * titles and values instead, so that nothing is cut off.
 */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], width: number): string[] {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? ""))),
  );
  const total = widths.reduce((sum, each) => sum + each, gap.length * (columns.length - 1));
  if (total > width) return list(columns, rows, width);
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => padded(cell, widths[index] ?? 0))
      .join(gap)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)];
}

/** One block for each row: a title, and its value beside it. */
function list<T>(columns: readonly Column<T>[], rows: readonly T[], width: number): string[] {
  const indent = Math.max(...columns.map(({ title }) => widthOf(title))) + gap.length;
  const entry = (title: string, value: string) =>
    wrapped(value, Math.max(10, width - indent)).map((line, index) => padded(index === 0 ? title : "", indent) + line);
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : [""]),
    ...columns.flatMap(({ title, cell }) => (cell(row) === "" ? [] : entry(title, cell(row)))),
  ]);
}
