/** A number in the row's unit, or a text where there is none: `> 20 s`, `known: 27 kB`. */
export type Value = number | string | undefined;

/** One line of the table. */
export interface Row {
  readonly figure: string;
  readonly unit: string;
  readonly ours: Value;
  readonly peer: Value;
  readonly floor: Value;
  /** What ours has to reach, e.g. `≤ 2 × floor`. */
  readonly must: string;
  /** The same of what was measured, e.g. `1.4 × floor`. */
  readonly measured: string;
  readonly ok: boolean;
}

type Verdict = Pick<Row, "must" | "measured" | "ok">;

/** Three digits that count. */
export function digits(value: number): string {
  if (value === 0) return "0";
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.min(places, 4) });
}

export function atMost(limit: number, value: number, unit: string): Verdict {
  const text = (amount: number) => `${digits(amount)} ${unit}`.trim();
  return { must: limit === 0 ? text(0) : `≤ ${text(limit)}`, measured: text(value), ok: value <= limit };
}

export function timesFloor(limit: number, ratio: number, what = "floor"): Verdict {
  return { must: `≤ ${digits(limit)} × ${what}`, measured: `${digits(ratio)} × ${what}`, ok: ratio <= limit };
}

/** All of several things. */
export function all(...verdicts: readonly Verdict[]): Verdict {
  return {
    must: verdicts.map(({ must }) => must).join(", "),
    measured: verdicts.map(({ measured }) => measured).join(", "),
    ok: verdicts.every(({ ok }) => ok),
  };
}
