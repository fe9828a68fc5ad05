import type { OutcomeCode } from "../contract/outcome.ts";
import type { Detection, SourceKind } from "../contract/source.ts";

export type Decision = "next" | "stop";

/**
 * What a chain does after an attempt without a token. A production identity that fails must not quietly become somebody else, so a
 * deployed source that was meant to work here lets nobody follow, whatever happened, unless it was not configured at all.
 * Columns: deployed and detected `ready` · deployed and `possible` · developer · interactive.
 */
const table: Readonly<Record<OutcomeCode, readonly [Decision, Decision, Decision, Decision]>> = {
  "not-configured": ["next", "next", "next", "next"],
  "not-installed": ["next", "next", "next", "next"],
  "not-signed-in": ["stop", "next", "next", "stop"],
  unreachable: ["stop", "next", "next", "stop"],
  timeout: ["stop", "next", "next", "stop"],
  "interaction-required": ["stop", "stop", "next", "stop"],
  throttled: ["stop", "stop", "next", "stop"],
  rejected: ["stop", "stop", "next", "stop"],
  misconfigured: ["stop", "stop", "next", "stop"],
  failed: ["stop", "stop", "next", "stop"],
  cancelled: ["stop", "stop", "stop", "stop"],
};

/** Cells that a config has changed, by name or kind of source. */
export type Policy = Readonly<Record<string, Partial<Readonly<Record<OutcomeCode, Decision>>> | undefined>>;

/** What a chain does after `outcome`: what the policy says of the source, of its kind, else the table. A cancelled request always ends. */
export function decide(
  outcome: OutcomeCode,
  source: { readonly name: string; readonly kind: SourceKind },
  state: Detection["state"],
  policy: Policy = {},
): Decision {
  const { name, kind } = source;
  const changed = outcome === "cancelled" ? undefined : (policy[name]?.[outcome] ?? policy[kind]?.[outcome]);
  const column = kind === "deployed" ? (state === "ready" ? 0 : 1) : kind === "developer" ? 2 : 3;
  return changed ?? (table[outcome] ?? table.failed)[column]; // another copy of core may know more outcomes
}

/** Which of several reasons somebody most likely has to act on: the first of this list wins. */
const likelihood: readonly OutcomeCode[] = [
  "rejected",
  "misconfigured",
  "throttled",
  "interaction-required",
  "failed",
  "timeout",
  "not-signed-in",
  "unreachable",
  "not-configured",
  "not-installed",
  "cancelled",
];

/** Position in the order of likely causes; lower is likelier. */
export function rank(outcome: OutcomeCode): number {
  const position = likelihood.indexOf(outcome);
  return position < 0 ? likelihood.length : position;
}

/** Outcomes after which a developer who won before may have changed tools. */
export function isUnavailable(outcome: OutcomeCode): boolean {
  return ["not-configured", "not-installed", "not-signed-in", "unreachable"].includes(outcome);
}
