import { AggregateAuthenticationError, type IdentityError, isIdentityError } from "../contract/errors.ts";
import type { OutcomeCode } from "../contract/outcome.ts";
import { outcomeError } from "../contract/outcome-error.ts";
import type { Clock } from "../contract/services.ts";
import type { Detection } from "../contract/source.ts";
import type { AccessToken, NormalizedRequest } from "../contract/token.ts";
import type { Attempt, Walk } from "../contract/walk.ts";
import type { Link } from "./link.ts";
import { decide, type Policy, rank } from "./outcomes.ts";

/** How a link is asked: through its caches, or (for `explain`) past them. */
export type Ask = (link: Link, request: NormalizedRequest, signal: AbortSignal) => Promise<AccessToken>;

export interface WalkSettings {
  readonly clock: Clock;
  readonly policy: Policy;
}

export interface WalkResult {
  readonly walk: Walk;
  readonly winner: Link | undefined;
  readonly token: AccessToken | undefined;
  /** What the caller gets when there is no token. */
  readonly error: IdentityError | undefined;
}

interface Step {
  readonly attempt: Attempt;
  readonly token?: AccessToken;
  readonly error?: IdentityError;
}

const firstLine = (text: string) => text.split("\n")[0] ?? "";

function asIdentityError(link: Link, error: unknown): IdentityError {
  if (isIdentityError(error)) return error;
  return outcomeError("failed", `${link.name} failed unexpectedly.`, { cause: error });
}

/** Asks one link: could it work, is somebody there, and only then for a token. */
async function step(
  link: Link,
  request: NormalizedRequest,
  signal: AbortSignal,
  clock: Clock,
  ask: Ask,
  others: boolean,
): Promise<Step> {
  const started = clock.monotonic();
  const record = (
    state: Detection["state"],
    outcome: Attempt["outcome"],
    code: string | undefined,
    reason: string,
  ): Attempt => {
    const ms = clock.monotonic() - started;
    return { source: link.name, kind: link.kind, state, outcome, code, ms, reason: firstLine(reason) };
  };
  let state: Detection["state"] = "ready";
  try {
    const detection = link.detect();
    state = link.explicit && detection.state === "possible" ? "ready" : detection.state;
    const mayKnock = others && !(link.kind === "deployed" && state === "ready"); // who is meant to be there is asked outright
    const absent = state === "absent" ? detection : await (mayKnock ? knock(link, signal) : undefined);
    if (absent !== undefined) {
      const outcome = absent.code ?? "not-configured";
      const error = outcomeError(outcome, `${link.name}: ${absent.reason}`);
      return { attempt: record("absent", outcome, error.code, absent.reason), error };
    }
    const token = await ask(link, request, signal);
    return { attempt: record(state, "token", undefined, detection.reason), token };
  } catch (cause) {
    const error = asIdentityError(link, cause);
    return { attempt: record(state, error.outcome, error.code, error.message), error };
  }
}

async function knock(link: Link, signal: AbortSignal): Promise<Detection | undefined> {
  const answer = await link.probe(signal);
  return answer?.state === "absent" ? answer : undefined;
}

function lines(attempts: readonly Attempt[]): string {
  return attempts.map((one) => `  ${one.source}: ${one.outcome} - ${one.reason}`).join("\n");
}

/** The error of the link that stopped the chain, with what became of the others. */
function stopped(error: IdentityError, attempts: readonly Attempt[]): IdentityError {
  const last = attempts.at(-1);
  if (last === undefined || attempts.length < 2 || error.outcome === "cancelled") return error;
  const why = last.state === "ready" ? "was meant to work here" : `ended with "${last.outcome}"`;
  const message = `${error.message}\n${last.source} ${why}, so nobody after it was asked:\n${lines(attempts)}`;
  const told = outcomeError(error.outcome, message, { ...error, remedy: undefined, cause: error });
  return Object.assign(told, { remedy: error.remedy }); // its message has the remedy already
}

/** What to type when nothing has been set up yet: the chain of a first try. */
function firstSteps(attempts: readonly Attempt[]): string | undefined {
  if (attempts.some(({ kind, state }) => kind === "developer" || state !== "absent")) return undefined;
  const asDeveloper = "On a developer's machine, install @azidentity/plugin-dev-tools and run: az login";
  const byVariables = attempts.some(({ source }) => source === "environment");
  return byVariables ? `Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. ${asDeveloper}` : asDeveloper;
}

/** The error when nobody was left to ask: the likeliest cause first, then one line per attempt. */
function exhausted(errors: readonly IdentityError[], attempts: readonly Attempt[]): IdentityError {
  const likeliest = [...errors].sort((a, b) => rank(a.outcome) - rank(b.outcome))[0];
  if (likeliest === undefined) {
    const remedy = "Install a plugin, such as @azidentity/plugin-entra, or name one in `plugins`.";
    return new AggregateAuthenticationError(errors, `The chain holds no source. ${remedy}`, remedy);
  }
  const remedy = likeliest.remedy ?? firstSteps(attempts);
  const line = firstLine(likeliest.message);
  const hint = remedy === undefined || line.includes(remedy) ? line : `${line} ${remedy}`;
  const message = `No source in the chain could get a token. Most likely: ${hint}\n${lines(attempts)}`;
  return new AggregateAuthenticationError(errors, message, remedy);
}

/** One pass over a chain, in order, until a token or a reason to stop. Never throws. */
export async function walkChain(
  links: readonly Link[],
  request: NormalizedRequest,
  signal: AbortSignal,
  { clock, policy }: WalkSettings,
  ask: Ask,
): Promise<WalkResult> {
  const started = clock.monotonic();
  const attempts: Attempt[] = [];
  const errors: IdentityError[] = [];
  const finish = (
    winner: Link | undefined,
    token: AccessToken | undefined,
    error: IdentityError | undefined,
  ): WalkResult => {
    const principal = winner === undefined || token === undefined ? undefined : winner.principal(token);
    const walk: Walk = {
      scopes: request.scopes,
      attempts,
      winner: winner?.name,
      principal,
      ms: clock.monotonic() - started,
    };
    if (error !== undefined && !("walk" in error && error.walk))
      Object.defineProperty(error, "walk", { value: walk, configurable: true });
    return { walk, winner, token, error };
  };
  for (const link of links) {
    const { attempt, token, error } = await step(link, request, signal, clock, ask, links.length > 1);
    attempts.push(attempt);
    if (token !== undefined) return finish(link, token, undefined);
    if (error === undefined) continue;
    errors.push(error);
    const outcome: OutcomeCode = attempt.outcome === "token" ? "failed" : attempt.outcome;
    if (attempt.state !== "absent" && decide(outcome, link, attempt.state, policy) === "stop")
      return finish(undefined, undefined, stopped(error, attempts));
  }
  const only = errors.length === 1 ? errors[0] : undefined;
  return finish(undefined, undefined, only ?? exhausted(errors, attempts));
}
