import type { SourceKind } from "../contract/source.ts";

/** What decides a place in the default chain. */
export interface Candidate {
  readonly name: string;
  readonly kind: SourceKind;
  readonly priority?: number;
}
export interface PlaceSettings {
  readonly priority?: number;
  readonly enabled?: boolean;
}

const kinds: readonly SourceKind[] = ["deployed", "developer", "interactive"];

/**
 * The default chain: kinds in their order, within a kind by priority, then by name. No source outranks production by picking a number.
 * One without a priority joins only when it is enabled, last of its kind.
 */
export function defaultOrder<C extends Candidate>(
  sources: readonly C[],
  settings: Readonly<Record<string, PlaceSettings | undefined>>,
): C[] {
  const priority = (source: C) => settings[source.name]?.priority ?? source.priority;
  return sources
    .filter((source) => settings[source.name]?.enabled ?? priority(source) !== undefined)
    .sort(
      (a, b) =>
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        (priority(a) ?? Number.MAX_VALUE) - (priority(b) ?? Number.MAX_VALUE) ||
        (a.name < b.name ? -1 : 1),
    );
}
