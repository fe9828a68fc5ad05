/** How something was found. `skipped`: it is not used here, or could not be looked at. */
export type FindingState = "ok" | "warning" | "problem" | "skipped";

/** One thing that a check has found. */
export interface Finding {
  readonly state: FindingState;
  /** What it is about, where a check has several: a source, a plugin, a variable. */
  readonly subject?: string;
  /** One sentence for people, without a secret. */
  readonly sentence: string;
  /** What to type or change next. */
  readonly remedy?: string | undefined;
  /** Stable code of an error (docs/errors.md). */
  readonly code?: string | undefined;
  /** Milliseconds that it took to find out. */
  readonly ms?: number;
}

const order: readonly FindingState[] = ["problem", "warning", "ok", "skipped"];

/** The findings with problems first, then warnings; otherwise in their order. */
export function byState(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}
