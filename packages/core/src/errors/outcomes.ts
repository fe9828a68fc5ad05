import type { OutcomeCode } from "../contract/error-code.ts";

/**
 * What a chain does after an attempt without a token: ask the next source, or end with the error.
 */
export type Decision = "next" | "stop";

interface OutcomeRow {
  /** Name of the class of its errors. */
  readonly error: "CredentialUnavailableError" | "AuthenticationError" | "AuthenticationRequiredError" | "AbortError";
  /**
   * What a chain does after it, by source: deployed and expected to work here, deployed and not
   * expected, developer, interactive. A production identity that fails must not quietly become
   * another principal, so the chain stops after a deployed source that is expected to work here,
   * unless it was not configured at all.
   */
  readonly decisions: readonly [Decision, Decision, Decision, Decision];
  /** The host did not answer. */
  readonly isSilence?: true;
  /** An elected developer source is replaced after it: its user may have changed tools. */
  readonly endsElection?: true;
}

/** It works here, and was refused or failed. */
const refused = { error: "AuthenticationError", decisions: ["stop", "stop", "next", "stop"] } as const;
/** It would work here if its host answered, or its user signed in. */
const unavailable = { error: "CredentialUnavailableError", decisions: ["stop", "next", "next", "stop"] } as const;
/** It is not meant to work here. */
const absent = {
  error: "CredentialUnavailableError",
  decisions: ["next", "next", "next", "next"],
  endsElection: true,
} as const;

/**
 * Everything that is decided by an outcome. The order is that of likely causes: when no source of a
 * chain returned a token, and several have the same evidence, the remedy of the first outcome in
 * this list is shown.
 */
export const outcomes = {
  rejected: refused,
  misconfigured: refused,
  throttled: refused,
  "interaction-required": { error: "AuthenticationRequiredError", decisions: refused.decisions },
  failed: refused,
  timeout: { ...unavailable, isSilence: true },
  "not-signed-in": { ...unavailable, endsElection: true },
  unreachable: { ...unavailable, isSilence: true, endsElection: true },
  "not-configured": absent,
  "not-installed": absent,
  cancelled: { error: "AbortError", decisions: ["stop", "stop", "stop", "stop"] },
} as const satisfies Readonly<Record<OutcomeCode, OutcomeRow>>;

/** The outcomes whose errors have the class of that name. */
export type OutcomeOf<Name extends OutcomeRow["error"]> = {
  [Outcome in OutcomeCode]: (typeof outcomes)[Outcome]["error"] extends Name ? Outcome : never;
}[OutcomeCode];

/**
 * The row of an outcome. Another copy of core may know more outcomes; they are treated as `failed`.
 */
export function outcomeRow(outcome: OutcomeCode): OutcomeRow {
  return Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : outcomes.failed;
}

/** All outcomes, the likeliest cause first. */
export const outcomeCodes = Object.keys(outcomes) as readonly OutcomeCode[];
