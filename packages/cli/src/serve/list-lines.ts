import type { Style } from "../terminal/style.ts";
import { padded, widthOf, wrapped } from "../terminal/width.ts";
import { type ActivityRow, withoutKey } from "./activity.ts";

const clock = (time: number) => new Date(time).toTimeString().slice(0, 8);

/** Rows that a terminal shows; the list has more. */
const shownRows = 10;

/** Columns below which a row takes two lines. */
const narrow = 72;

/** The list as lines of a terminal: when, who, how often, with which answer, for what. */
export function listLines(rows: readonly ActivityRow[], width: number, { green, red, bold, dim }: Style): string[] {
  if (rows.length === 0) return [dim("No program has asked yet.")];
  const shown = rows.slice(0, shownRows);
  const widest = (cell: (row: ActivityRow) => string) => Math.max(...shown.map((row) => widthOf(cell(row))));
  const [client, times] = [widest((row) => row.client), widest((row) => String(row.times))];
  const answer = widest((row) => row.outcome);
  const lines = shown.flatMap((row) => {
    const colour = row.outcome === "token" ? green : red;
    const time = dim(clock(row.lastAt));
    const who = `${bold(padded(row.client, client))}  ${String(row.times).padStart(times)} x`;
    if (width < narrow) return [`${who}  ${colour(row.outcome)}`, `  ${time}  ${row.scopes}`.trimEnd()];
    return [`${time}  ${who}  ${colour(padded(row.outcome, answer))}  ${row.scopes}`.trimEnd()];
  });
  return [...lines, ...reasonLines(rows, width)];
}

/**
 * Why the latest request without a token had none, and what to do: one of a client before those
 * without a key, and none that was followed by a token.
 */
function reasonLines(rows: readonly ActivityRow[], width: number): string[] {
  const isSettled = (row: ActivityRow, index: number) =>
    rows.slice(0, index).some(({ client, scopes, outcome }) => {
      return outcome === "token" && client === row.client && scopes === row.scopes;
    });
  const open = rows.filter((row, index) => row.refusal !== undefined && !isSettled(row, index));
  const { client, refusal } = open.find((row) => row.client !== withoutKey) ?? open[0] ?? {};
  if (refusal === undefined) return [];
  return ["", ...wrapped(`${client}: ${refusal.message} ${refusal.remedy ?? ""}`.trimEnd(), width - 1)];
}
