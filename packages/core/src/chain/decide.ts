import type { OutcomeCode } from "../contract/error-code.ts";
import type { Detection, SourceKind } from "../contract/source.ts";
import { type Decision, outcomeCodes, outcomeRow } from "../errors/outcomes.ts";

/** Cells that a config has changed, by name or kind of source. */
export type Policy = Readonly<Record<string, Partial<Readonly<Record<OutcomeCode, Decision>>> | undefined>>;

/** What of an attempt without a token decides what follows. */
export interface FailedAttempt {
  readonly outcome: OutcomeCode;
  readonly state: Detection["state"];
  /** Whether the outcome is an answer of the host, with an HTTP status. */
  readonly isAnswer: boolean;
}

/** Whether the host did not answer. */
export function isSilence(outcome: OutcomeCode): boolean {
  return outcomeRow(outcome).isSilence === true;
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
  return outcomeRow(outcome).decisions[column];
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

/** Position in the order of likely causes; lower is likelier. */
export function rank(outcome: OutcomeCode): number {
  const position = outcomeCodes.indexOf(outcome);
  return position < 0 ? outcomeCodes.length : position;
}

/** Whether an elected developer source is replaced after this outcome. */
export function endsElection(outcome: OutcomeCode): boolean {
  return outcomeRow(outcome).endsElection === true;
}
