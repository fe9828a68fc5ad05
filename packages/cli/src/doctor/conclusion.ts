import { exitOfOutcome } from "../errors/describe-error.ts";
import type { ExitName } from "../exit-codes.ts";
import type { Finding } from "../findings/finding.ts";
import { nameOfPrincipal } from "../walks/principal-text.ts";
import type { SourceFinding } from "./checks/sources.ts";
import { halfSet } from "./checks/variables.ts";
import type { CheckResult } from "./run-checks.ts";

/** What all findings come to. */
export interface Conclusion {
  /** Whether a program would get a token, and nothing is broken. */
  readonly isReady: boolean;
  /** The first line of the report. */
  readonly headline: string;
  /** What most likely has to be fixed; `undefined`: nothing. */
  readonly cause?: Cause | undefined;
  readonly exit: ExitName;
}

/** The finding that has to be fixed first, and the check that found it. */
export interface Cause extends Pick<Finding, "subject" | "sentence" | "remedy" | "code"> {
  readonly check: string;
}

/**
 * The checks whose problem explains why no source has a token, before what the sources say
 * themselves.
 */
const first = ["config", "plugins", "network", "clock"];

const isOfSource = (finding: Finding): finding is SourceFinding => "isReached" in finding;

/** The source whose token a program would get. */
export function winnerOf(results: readonly CheckResult[]): SourceFinding | undefined {
  const all = results.flatMap(({ findings }) => findings).filter(isOfSource);
  return all.find(({ outcome, isReached }) => outcome === "token" && isReached);
}

/**
 * The findings in the light of all: what did not keep the identity from a token is no problem but a
 * warning, such as an authority that a machine with a managed identity alone need not reach.
 */
export function weigh(results: readonly CheckResult[]): readonly CheckResult[] {
  if (winnerOf(results) === undefined) return results;
  const milder = (finding: Finding): Finding =>
    finding.state === "problem" ? { ...finding, state: "warning" } : finding;
  return results.map((result) =>
    result.name === "config" ? result : { ...result, findings: result.findings.map(milder) },
  );
}

const causeOf = (check: string, { subject, sentence, remedy, code }: Finding): Cause => ({
  check,
  subject,
  sentence,
  remedy,
  code,
});

const findingsOf = (results: readonly CheckResult[], check: string): readonly Finding[] =>
  results.find(({ name }) => name === check)?.findings ?? [];

/** The first problem of the checks in this order. */
function problemIn(results: readonly CheckResult[], names: readonly string[]): Cause | undefined {
  const problems = names.flatMap((name) =>
    findingsOf(results, name)
      .filter(({ state }) => state === "problem")
      .map((finding) => causeOf(name, finding)),
  );
  return problems[0];
}

/**
 * Variables that were meant for an identity, where no deployed source says something more precise:
 * a person who sets them does not expect a developer's source.
 */
function halfSetVariables(results: readonly CheckResult[]): Cause | undefined {
  const finding = findingsOf(results, "variables").find(({ code }) => code === halfSet);
  const ofSource = findingsOf(results, "sources")
    .filter(isOfSource)
    .find(({ state }) => state === "problem");
  return finding === undefined || ofSource?.kind === "deployed" ? undefined : causeOf("variables", finding);
}

/** Code of a config that has not been trusted. */
const untrusted = "untrusted-config";

function exitOf({ check, code }: Cause, results: readonly CheckResult[]): ExitName {
  if (code === untrusted) return "untrusted";
  if (check === "config" || check === "plugins" || check === "variables") return "configuration";
  const outcome = findingsOf(results, check)
    .filter(isOfSource)
    .find(({ state }) => state === "problem")?.outcome;
  if (outcome !== undefined) return exitOfOutcome(outcome);
  return check === "sources" ? "configuration" : "failed";
}

function readyLine({ subject, principal }: SourceFinding): string {
  const whose = principal === undefined ? "" : ` for ${nameOfPrincipal(principal)}`;
  return `Ready: ${subject} has a token${whose}.`;
}

/** Puts what was found into one line, and its most likely cause beside it. */
export function conclude(results: readonly CheckResult[], scope: string): Conclusion {
  const winner = winnerOf(results);
  if (winner === undefined) {
    const cause =
      problemIn(results, first) ?? halfSetVariables(results) ?? problemIn(results, ["sources", "variables"]);
    return {
      isReady: false,
      headline: `No token for ${scope}.`,
      cause,
      exit: cause ? exitOf(cause, results) : "failed",
    };
  }
  const cause = problemIn(results, ["config"]);
  if (cause === undefined) return { isReady: true, headline: readyLine(winner), exit: "ok" };
  const isUntrusted = cause.code === untrusted;
  const headline = isUntrusted
    ? "The project's config is not used yet."
    : "The project's config is broken, so its programs get no token.";
  return { isReady: false, headline, cause, exit: isUntrusted ? "untrusted" : "configuration" };
}
