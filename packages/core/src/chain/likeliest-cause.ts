import type { Attempt } from "../contract/walk.ts";
import type { IdentityError } from "../errors/errors.ts";
import { rank } from "./decide.ts";

/** An attempt without a token, and its error. */
export interface FailedStep {
  readonly attempt: Attempt;
  readonly error: IdentityError;
  /** See `Detection.isIncomplete`. */
  readonly isIncomplete?: boolean | undefined;
}

type Rule = (step: FailedStep) => boolean;

const isAbsent = (attempt: Attempt) => attempt.outcome === "not-installed" || attempt.outcome === "not-configured";
const isDeployed = ({ attempt }: FailedStep) => attempt.kind === "deployed";
/** Whether something that answers at the host's address has no identity. */
const hasNoIdentity = ({ attempt }: FailedStep) => attempt.outcome === "not-configured" && attempt.state !== "absent";
/** Two steps in one remedy: install the tool, and sign in to it. */
const leadsToSignIn = /, then run: /;

/**
 * What a failure says about the cause, from the strongest evidence to none: what was set up
 * counts before what is merely possible on every machine.
 */
const rules: readonly Rule[] = [
  // variables or the config name it; a tool that is installed may have another purpose
  ({ attempt }) => attempt.state === "ready",
  // the platform that it is for is here, and one thing is missing, such as the permission of a job
  (step) => step.isIncomplete === true,
  // a tool is installed, or a user could sign in
  (step) => !isDeployed(step) && !isAbsent(step.attempt),
  // the machine shows evidence of the host, or something there said that it has no identity
  (step) => isDeployed(step) && (step.attempt.state === "likely" || hasNoIdentity(step)),
  // nothing is set up: what a developer installs first
  ({ attempt, error }) => attempt.outcome === "not-installed" && leadsToSignIn.test(error.remedy ?? ""),
  ({ attempt, error }) => attempt.outcome === "not-installed" && error.remedy !== undefined,
];

const evidenceOf = (step: FailedStep) => {
  const position = rules.findIndex((rule) => rule(step));
  return position < 0 ? rules.length : position;
};

/**
 * The attempt whose cause a person most likely has to fix: by the evidence, then by the outcome,
 * then in the order of the chain. `undefined`: there was none.
 */
export function likeliestCause(steps: readonly FailedStep[]): FailedStep | undefined {
  const weighed = steps.map((step) => ({ step, evidence: evidenceOf(step), outcome: rank(step.error.outcome) }));
  return weighed.sort((a, b) => a.evidence - b.evidence || a.outcome - b.outcome)[0]?.step;
}
