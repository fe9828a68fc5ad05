import type { Detection } from "../contract/source.ts";
import type { Clock } from "../contract/system-services.ts";
import type { AccessToken, NormalizedRequest } from "../contract/token.ts";
import type { Attempt, Walk } from "../contract/walk.ts";
import { type IdentityError, isIdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { decide, isSilence, type Policy } from "./decide.ts";
import type { FailedStep } from "./likeliest-cause.ts";
import type { Link } from "./link.ts";
import { exhaustedError, firstLine, onlyError, stoppedError, type ToolAdvice } from "./walk-errors.ts";

export interface WalkSettings extends ToolAdvice {
  readonly clock: Clock;
  readonly policy: Policy;
  /** Whether the chain names its sources one by one, as opposed to the default chain. */
  readonly isNamed: boolean;
  /**
   * Whether tokens are requested from the sources themselves, as `explain` does. Default `false`.
   */
  readonly isDryRun?: boolean;
  /** Called with each attempt as soon as it has ended. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
}

export interface WalkResult {
  readonly walk: Walk;
  readonly winner: Link | undefined;
  readonly token: AccessToken | undefined;
  /** The error for the caller when there is no token. */
  readonly error: IdentityError | undefined;
  /** The attempts without a token, with their errors. */
  readonly failed: readonly FailedStep[];
  /** Deployed links whose host did not answer but may be starting. */
  readonly silent: readonly Link[];
}

/** The parts of one walk that are the same for each link. */
interface Pass {
  readonly request: NormalizedRequest;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** `explain`: without caches and without prompts. */
  readonly isDryRun: boolean;
  /** The chain has one link, which needs no probe. */
  readonly isAlone: boolean;
}

interface Step {
  readonly attempt: Attempt;
  /** What the link detected about the machine, as one sentence. */
  readonly evidence: string;
  readonly token?: AccessToken;
  readonly error?: IdentityError;
  readonly isSilent?: boolean;
  readonly isIncomplete?: boolean | undefined;
}

function asIdentityError(link: Link, error: unknown): IdentityError {
  if (isIdentityError(error)) return error;
  return outcomeError("failed", `${link.name} failed unexpectedly.`, { remedy: "Look at the `cause`.", cause: error });
}

const strength: readonly Detection["state"][] = ["absent", "possible", "likely", "ready"];

/** The detection with the stronger evidence for the source. */
function stronger(known: Detection, seen: Detection | undefined): Detection {
  return seen !== undefined && strength.indexOf(seen.state) > strength.indexOf(known.state) ? seen : known;
}

/** What the link detects after its probe. `absent`: the chain skips it. */
async function probed(link: Link, known: Detection, signal: AbortSignal): Promise<Detection> {
  const seen = await link.probe(signal);
  if (seen === undefined || seen.state === "absent") return seen ?? known;
  return stronger(stronger(known, link.detect()), seen);
}

/** What the link detects after a failure, which may have been an answer of its host. */
function knownSince(link: Link, before: Detection): Detection {
  try {
    return stronger(before, link.detect());
  } catch {
    return before;
  }
}

/**
 * A deployed source with evidence of its host is not probed: it is not skipped because of a slow
 * probe.
 */
const needsProbe = ({ kind }: Link, { state }: Detection) =>
  state !== "absent" && !(kind === "deployed" && (state === "ready" || state === "likely"));

/** A token from the source itself, for `explain`. */
function freshToken(link: Link, { request, signal }: Pass): Promise<AccessToken> {
  if (link.kind !== "interactive") return link.getFreshToken(request, signal);
  throw outcomeError("interaction-required", `${link.name} would prompt a user, which explain never does.`, {
    remedy: "Request a token to sign in.",
  });
}

/** Tries one link: detects it, probes its host if needed, then requests a token. */
async function attemptLink(link: Link, pass: Pass): Promise<Step> {
  const { request, signal, clock, isAlone } = pass;
  const started = clock.monotonic();
  const record = (state: Detection["state"], reason: string, error?: IdentityError): Attempt => {
    const [outcome, code] =
      error === undefined ? (["token", undefined] as const) : ([error.outcome, error.code] as const);
    const ms = clock.monotonic() - started;
    const { name: source, kind } = link;
    return { source, kind, state, outcome, code, ms, reason: firstLine(reason), remedy: error?.remedy };
  };
  let known: Detection = { state: "ready", reason: "" };
  const mayBeSilent = () => link.kind === "deployed" && (known.state === "possible" || known.state === "likely");
  try {
    known = link.detect();
    const found = !isAlone && needsProbe(link, known) ? await probed(link, known, signal) : known;
    if (found.state === "absent") {
      const { code = "not-configured", reason, remedy } = found;
      const error = outcomeError(code, `${link.name}: ${reason}`, { remedy });
      const isSilent = mayBeSilent() && isSilence(error.outcome);
      const advice = remedy === undefined ? reason : `${reason} ${remedy}`;
      return {
        attempt: record("absent", advice, error),
        evidence: reason,
        error,
        isSilent,
        isIncomplete: found.isIncomplete,
      };
    }
    known = found;
    const token = await (pass.isDryRun ? freshToken(link, pass) : link.getToken(request, signal));
    return { attempt: record(known.state, known.reason), evidence: known.reason, token };
  } catch (cause) {
    const error = asIdentityError(link, cause);
    if (known.state === "possible") known = knownSince(link, known);
    const isSilent = mayBeSilent() && isSilence(error.outcome);
    return { attempt: record(known.state, error.message, error), evidence: known.reason, error, isSilent };
  }
}

/** Whether the chain stops after this attempt. */
function isFinal({ attempt: { outcome, state }, error }: Step, link: Link, { isNamed, policy }: WalkSettings): boolean {
  if (outcome === "token" || state === "absent") return false;
  const status = (error as { readonly statusCode?: unknown } | undefined)?.statusCode;
  const isAnswer = typeof status === "number" && status > 0;
  return decide({ outcome, state, isAnswer }, link, isNamed, policy) === "stop";
}

/** The record with all its parts frozen, because all callers share it. */
function frozen({ attempts, principal, ...rest }: Walk): Walk {
  const own = attempts.map((attempt) => Object.freeze(attempt));
  return Object.freeze({ ...rest, attempts: Object.freeze(own), principal: Object.freeze(principal) });
}

/** Tries the links in order until one returns a token or the chain stops. Never rejects. */
export async function walkChain(
  links: readonly Link[],
  request: NormalizedRequest,
  signal: AbortSignal,
  settings: WalkSettings,
): Promise<WalkResult> {
  const { clock, isDryRun = false } = settings;
  const started = clock.monotonic();
  const attempts: Attempt[] = [];
  const failed: FailedStep[] = [];
  const silent: Link[] = [];
  const finish = (winner?: Link, token?: AccessToken, error?: IdentityError): WalkResult => {
    const principal = winner === undefined || token === undefined ? undefined : winner.principal(token);
    const ms = clock.monotonic() - started;
    const walk = frozen({ scopes: request.scopes, attempts, winner: winner?.name, principal, ms });
    if (error !== undefined && !("walk" in error && error.walk))
      Object.defineProperty(error, "walk", { value: walk, configurable: true });
    return { walk, winner, token, error, failed, silent };
  };
  const pass: Pass = { request, signal, clock, isDryRun, isAlone: links.length < 2 };
  for (const [index, link] of links.entries()) {
    const one = await attemptLink(link, pass);
    attempts.push(one.attempt);
    settings.onAttempt?.(one.attempt);
    if (one.token !== undefined) return finish(link, one.token);
    if (one.error === undefined) continue;
    failed.push({ attempt: one.attempt, error: one.error, isIncomplete: one.isIncomplete });
    if (one.isSilent) silent.push(link);
    if (!isFinal(one, link, settings)) continue;
    const notTried = links.slice(index + 1).map(({ name }) => name);
    return finish(undefined, undefined, stoppedError(one.error, attempts, one.evidence, notTried));
  }
  const [only, ...others] = failed;
  const isOnly = only !== undefined && others.length === 0;
  return finish(undefined, undefined, isOnly ? onlyError(only, settings) : exhaustedError(failed, settings));
}
