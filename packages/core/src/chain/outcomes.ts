import type { OutcomeCode } from "../contract/outcome.ts";
import type { Detection, SourceKind } from "../contract/source.ts";

export type Decision = "next" | "stop";

/**
 * What a chain does after an attempt without a token. A production identity that fails must not
 * quietly become another principal, so the chain stops after a deployed source that is expected to
 * work here, unless it was not configured at all.
 *
 * Columns: deployed and expected · deployed and not expected · developer · interactive.
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

/** What of an attempt without a token decides what follows. */
export interface FailedAttempt {
  readonly outcome: OutcomeCode;
  readonly state: Detection["state"];
  /** Whether the outcome is an answer of the host, with an HTTP status. */
  readonly isAnswer: boolean;
}

/** Outcomes of a host that did not answer. */
export function isSilence(outcome: OutcomeCode): boolean {
  return outcome === "unreachable" || outcome === "timeout";
}

/**
 * Whether a deployed source is expected to work here: when it is configured, or when the machine
 * shows evidence of it and the chain names it.
 */
const isExpected = (state: Detection["state"], isNamed: boolean) =>
  state === "ready" || (state === "likely" && isNamed);

function fromTable({ outcome, state, isAnswer }: FailedAttempt, kind: SourceKind, isNamed: boolean): Decision {
  // a host that answers "no identity here" refuses a program that names it
  if (kind === "deployed" && outcome === "not-configured" && isAnswer && isNamed) return "stop";
  const column = kind === "deployed" ? (isExpected(state, isNamed) ? 0 : 1) : kind === "developer" ? 2 : 3;
  return (table[outcome] ?? table.failed)[column]; // another copy of core may know more outcomes
}

/**
 * What a chain does after an attempt: the policy for the source, else for its kind, else the table.
 * A cancelled request always ends the chain.
 *
 * @param isNamed whether the chain names its sources, as opposed to the default chain
 */
export function decide(
  attempt: FailedAttempt,
  source: { readonly name: string; readonly kind: SourceKind },
  isNamed: boolean,
  policy: Policy = {},
): Decision {
  const { outcome } = attempt;
  const changed =
    outcome === "cancelled" ? undefined : (policy[source.name]?.[outcome] ?? policy[source.kind]?.[outcome]);
  return changed ?? fromTable(attempt, source.kind, isNamed);
}

/** Outcomes by how likely they are the cause to act on, most likely first. */
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

/**
 * Whether a developer source that was elected is replaced after this outcome: its user may have
 * changed tools.
 */
export function isUnavailable(outcome: OutcomeCode): boolean {
  return ["not-configured", "not-installed", "not-signed-in", "unreachable"].includes(outcome);
}
