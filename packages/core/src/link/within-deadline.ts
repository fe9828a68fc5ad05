import type { Next } from "../async/compose.ts";
import { type RunningLimit, startTimeLimit } from "../async/time-limit.ts";
import { timeoutVariable } from "../config/source-options.ts";
import type { AnySource } from "../contract/services.ts";
import type { Clock } from "../contract/system-services.ts";
import { type IdentityError, isIdentityError } from "../errors/errors.ts";
import { outcomeError, problemOf } from "../errors/outcome-error.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";

/**
 * Deadline of one acquisition unless the source, the config or the operator sets another,
 * milliseconds.
 */
const defaultDeadlineMs = 30_000;

/** When work has to be over, and why it is not yet. */
export interface Deadline {
  /** Monotonic milliseconds. */
  readonly monoMs: number;
  /** The failure after which the work was tried again; set by the retry loop. */
  lastFailure?: unknown;
}

/** A source whose work has a deadline. */
export interface Limited {
  readonly source: Pick<AnySource, "name" | "deadlineMs">;
  readonly context: { readonly clock: Clock };
  /** Of the config or the operator, milliseconds; `undefined`: the source's own, or the default. */
  readonly deadlineMs: number | undefined;
  readonly services: {
    /** Called with the deadline of the work of a signal, for the retry loop. */
    readonly setDeadline: (signal: AbortSignal, deadline: Deadline) => void;
  };
}

/**
 * The error for work that is not over in time. A longer deadline does not help where each try
 * failed, so the last failure is part of it.
 */
function timeoutError(sourceName: string, ms: number, lastFailure: unknown): IdentityError {
  const message = `${sourceName} had no answer within ${ms / 1000} s.`;
  if (!isIdentityError(lastFailure)) {
    const remedy = `If it is just slow, raise \`sources.${sourceName}.deadlineMs\` or ${timeoutVariable(sourceName)}.`;
    return outcomeError("timeout", message, { remedy });
  }
  const { remedy } = lastFailure;
  const problem = `${message} The try before failed: ${problemOf(lastFailure)}`;
  return outcomeError("timeout", problem, { remedy, cause: lastFailure });
}

/** Starts the deadline of one piece of work of a source. */
export function startDeadline(
  { source, context: { clock }, deadlineMs, services }: Limited,
  options: unknown,
  outer: AbortSignal,
  background?: boolean,
): RunningLimit {
  const ownMs = typeof source.deadlineMs === "function" ? source.deadlineMs(options) : source.deadlineMs;
  const ms = deadlineMs ?? ownMs ?? defaultDeadlineMs;
  const deadline: Deadline = { monoMs: clock.monotonic() + ms };
  const late = () => timeoutError(source.name, ms, deadline.lastFailure);
  const limit = startTimeLimit({ clock, ms, late, background }, outer);
  services.setDeadline(limit.signal, deadline);
  return limit;
}

/**
 * Ends an acquisition or a sign-in in time, and when its signal ends, even if the source ignores
 * its signal.
 */
export function withinDeadline<Result>(
  limited: Limited,
  request: ResolvedRequest,
  next: Next<ResolvedRequest, Result>,
): Promise<Result> {
  const limit = startDeadline(limited, request.options, request.signal, request.background);
  return limit.race(next(Object.freeze({ ...request, signal: limit.signal })));
}
