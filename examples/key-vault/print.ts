import { styleText } from "node:util";
import type { Walk } from "@azidentity/core";
import type { RecordedRequest } from "@azidentity/emulator";

/**
 * A walk as a table: the sources in order, with outcome, time and reason. In colour if the terminal
 * supports it.
 */
export function walkTable({ attempts }: Walk): string {
  return table(
    attempts.map(({ source, outcome, ms, reason }) => [
      { text: source },
      { text: outcome, color: outcome === "token" ? "green" : "yellow" },
      { text: `${ms.toFixed(0)} ms` },
      { text: reason },
    ]),
  );
}

/** Requests as a table: method, path, status, and the claims of token requests. */
export function requestTable(requests: readonly RecordedRequest[]): string {
  return table(
    requests.map(({ method, path, tenant, status = 0, form }) => [
      { text: method },
      { text: tenant === undefined ? path : path.replace(tenant, "{tenant}") },
      { text: String(status), color: status < 400 ? "green" : "yellow" },
      { text: form.claims === undefined ? "" : `claims ${JSON.stringify(JSON.parse(form.claims).access_token)}` },
    ]),
  );
}

interface Cell {
  readonly text: string;
  readonly color?: "green" | "yellow";
}

function table(rows: readonly (readonly Cell[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.text.length ?? 0))) ?? [];
  const print = ({ text, color }: Cell, column: number) => {
    const padded = text.padEnd(widths[column] ?? 0);
    return color === undefined ? padded : styleText(color, padded);
  };
  return rows.map((row) => `  ${row.map(print).join("  ")}`.trimEnd()).join("\n");
}
