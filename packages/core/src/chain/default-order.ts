import type { SourceKind } from "../contract/source.ts";

/** What of a source decides its position in the default chain. */
export interface Candidate {
  readonly name: string;
  readonly kind: SourceKind;
  readonly priority?: number;
}
/** What a config may set of it. */
export interface OrderSettings {
  readonly priority?: number;
  readonly enabled?: boolean;
}

const kinds: readonly SourceKind[] = ["deployed", "developer", "interactive"];

/**
 * The default chain: sources by kind, within a kind by priority, then by name, so that no priority
 * puts a source before the deployed ones. A source without a priority is in the chain only when it
 * is enabled, and comes last of its kind.
 */
export function defaultOrder<C extends Candidate>(
  sources: readonly C[],
  settings: Readonly<Record<string, OrderSettings | undefined>>,
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
