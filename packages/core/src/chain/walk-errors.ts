import type { Attempt } from "../contract/walk.ts";
import { AggregateAuthenticationError, type IdentityError } from "../errors/errors.ts";
import { reworded } from "../errors/outcome-error.ts";
import { passedOn, standsForAnother } from "../errors/passed-on.ts";
import { isSilence } from "./decide.ts";
import { type FailedStep, likeliestCause } from "./likeliest-cause.ts";

export const firstLine = (text: string) => text.split("\n")[0] ?? "";

function lines(attempts: readonly Attempt[]): string {
  return attempts.map((one) => `  ${one.source}: ${one.outcome} - ${withoutLabel(one)}`).join("\n");
}

/**
 * The reason without the name of the source, which stands before it already; that of its host
 * stays.
 */
function withoutLabel({ source, reason }: Attempt): string {
  if (reason.startsWith(`${source}: `)) return reason.slice(source.length + 2);
  return reason.startsWith(`${source} (`) ? reason.slice(source.length + 2).replace(")", "") : reason;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Why the chain ended at an attempt, and which sources were not tried because of it. */
function whyStopped(last: Attempt, evidence: string, notTried: readonly string[]): string {
  const isExpected = last.state === "ready" || last.state === "likely";
  const why = `${last.source}${isExpected ? " was expected to work here and" : ""} ended with "${last.outcome}"`;
  if (notTried.length === 0) return `The chain ends here: ${why}.`;
  const because = last.state === "likely" ? `${why} (${evidence.replace(/\.$/, "")})` : why;
  return `${listed(notTried)} ${notTried.length === 1 ? "was" : "were"} not tried, because ${because}.`;
}

/** The setting that lets the chain go on, where a developer source may be intended. */
function howToGoOn({ source, outcome, state }: Attempt): string {
  if (outcome !== "not-configured" && !(state === "likely" && outcome !== "token" && isSilence(outcome))) return "";
  const policy = `policy: { "${source}": { "${outcome}": "next" } }`;
  return ` If it is to go on, as on a Dev Box or a hosted runner after a sign-in, set ${policy}.`;
}

/**
 * The error of the link that stopped the chain, with the attempts of the others. One of another
 * library stays as it is.
 *
 * @param evidence the reason that the last link's `detect` gave
 * @param notTried names of the links after it
 */
export function stoppedError(
  error: IdentityError,
  attempts: readonly Attempt[],
  evidence: string,
  notTried: readonly string[],
): IdentityError {
  const last = attempts.at(-1);
  if (last === undefined || error.outcome === "cancelled" || standsForAnother(error)) return error;
  if (attempts.length < 2 && notTried.length === 0) return error;
  const goOn = notTried.length === 0 ? "" : howToGoOn(last);
  const others = attempts.length < 2 ? "" : `\n${lines(attempts)}`;
  const message = `${error.message}\n${whyStopped(last, evidence, notTried)}${goOn}${others}`;
  return reworded(error, message);
}

/** How developer tools could be used. */
export interface ToolAdvice {
  /** What to change, as a sentence, where settings exclude developer tools from the chain. */
  readonly toUseTools?: string | undefined;
  /** Whether a plugin with developer tools is loaded. Default `false`. */
  readonly hasTools?: boolean;
}

/** What to type when nothing has been set up yet. */
function firstSteps(attempts: readonly Attempt[], { toUseTools, hasTools }: ToolAdvice): string | undefined {
  if (attempts.some(({ kind, state }) => kind === "developer" || state !== "absent")) return undefined;
  const toGetTools = hasTools ? "use the default chain" : "install @azidentity/plugin-dev-tools";
  const asDeveloper = toUseTools ?? `On a developer's machine, ${toGetTools} and run: az login`;
  const byVariables = attempts.some(({ source }) => source === "environment");
  return byVariables ? `Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. ${asDeveloper}` : asDeveloper;
}

/**
 * What to add to the remedy of an error: the first steps where it has none, and how to use
 * developer tools where its source is a guess.
 */
function addedRemedy(
  { attempt: { state, outcome }, error, isIncomplete }: FailedStep,
  attempts: readonly Attempt[],
  advice: ToolAdvice,
): string | undefined {
  if (error.remedy === undefined) return firstSteps(attempts, advice);
  const isGuess = state === "absent" || (state === "possible" && outcome !== "not-configured");
  return isGuess && isIncomplete !== true ? advice.toUseTools : undefined;
}

const joined = (...sentences: readonly (string | undefined)[]) => sentences.filter(Boolean).join(" ") || undefined;

/** The error of the only attempt; of a source that is not set up, with what to do next. */
export function onlyError(step: FailedStep, advice: ToolAdvice = {}): IdentityError {
  const { attempt, error } = step;
  if (standsForAnother(error)) return error;
  const added = addedRemedy(step, [attempt], advice);
  if (added === undefined) return error;
  return Object.assign(reworded(error, `${error.message} ${added}`), { remedy: joined(error.remedy, added) });
}

/** Lines of the longest message: the cause, and the attempts. */
const maxLines = 12;

/** Whether an attempt says only that its platform is another one than this machine. */
const isElsewhere = ({ attempt, error }: FailedStep) =>
  attempt.state === "absent" && attempt.outcome === "not-configured" && error.remedy === undefined;

/**
 * One line per attempt. Where these are too many, the sources of other platforms share the last
 * one.
 */
function attemptLines(steps: readonly FailedStep[]): string {
  const attempts = steps.map(({ attempt }) => attempt);
  const elsewhere = steps.filter(isElsewhere).map(({ attempt }) => attempt);
  if (steps.length < maxLines || elsewhere.length < 2) return lines(attempts);
  const others = attempts.filter((attempt) => !elsewhere.includes(attempt));
  return `${lines(others)}\n  not configured here: ${elsewhere.map(({ source }) => source).join(", ")}`;
}

/**
 * The error when no link returned a token: the likeliest cause first, then one line per attempt.
 */
export function exhaustedError(steps: readonly FailedStep[], advice: ToolAdvice = {}): IdentityError {
  const errors = steps.map(({ error }) => passedOn(error));
  const attempts = steps.map(({ attempt }) => attempt);
  const likeliest = likeliestCause(steps);
  if (likeliest === undefined) {
    const enabled = 'sources: { "device-code": { enabled: true } }';
    const install = `Install a plugin, such as @azidentity/plugin-entra, or name one in \`plugins\`; a bundle has to import it. To have users sign in, set ${enabled}.`;
    const remedy = joined(advice.toUseTools, install);
    return new AggregateAuthenticationError(errors, `The chain has no sources. ${remedy}`, remedy);
  }
  const { message: whole, remedy: own } = likeliest.error;
  const added = addedRemedy(likeliest, attempts, advice);
  const line = firstLine(whole);
  const hint = joined(line, line.includes(own ?? "") ? undefined : own, added);
  const message = `No source in the chain could get a token. Most likely: ${hint}\n${attemptLines(steps)}`;
  return new AggregateAuthenticationError(errors, message, joined(own, added));
}
