import type { Next } from "../async/compose.ts";
import { type RunningLimit, startTimeLimit } from "../async/time-limit.ts";
import { timeoutVariable } from "../config/source-options.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { Clock } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";

/**
 * Deadline of one acquisition unless the source, the config or the operator sets another,
 * milliseconds.
 */
const defaultDeadlineMs = 30_000;

export interface DeadlineSettings {
  readonly source: AnySource;
  readonly clock: Clock;
  /** Of the config or the operator, milliseconds. */
  readonly deadlineMs: number | undefined;
  /**
   * Called with the deadline of the work of a signal (monotonic milliseconds), for the retry loop.
   */
  readonly setDeadline: (signal: AbortSignal, monoMs: number) => void;
}

/** Starts the deadline of one piece of work of a source. */
export type StartDeadline = (options: unknown, outer: AbortSignal, background?: boolean) => RunningLimit;

export function createStartDeadline({ source, clock, deadlineMs, setDeadline }: DeadlineSettings): StartDeadline {
  const ownMs = (options: unknown) =>
    typeof source.deadlineMs === "function" ? source.deadlineMs(options) : source.deadlineMs;
  return (options, outer, background) => {
    const ms = deadlineMs ?? ownMs(options) ?? defaultDeadlineMs;
    const late = () =>
      outcomeError("timeout", `${source.name} had no answer within ${ms / 1000} s.`, {
        remedy: `If it is just slow, raise \`sources.${source.name}.deadlineMs\` or ${timeoutVariable(source.name)}.`,
      });
    const limit = startTimeLimit({ clock, ms, late, background }, outer);
    setDeadline(limit.signal, clock.monotonic() + ms);
    return limit;
  };
}

/** A step for any kind of result: acquisitions and sign-ins have the same deadline. */
export type DeadlineStep = <Result>(request: ResolvedRequest, next: Next<ResolvedRequest, Result>) => Promise<Result>;

/** Ends an acquisition in time, and when its signal ends, even if the source ignores its signal. */
export function createWithinDeadline(startDeadline: StartDeadline): DeadlineStep {
  return function withinDeadline(request, next) {
    const limit = startDeadline(request.options, request.signal, request.background);
    return limit.race(next(Object.freeze({ ...request, signal: limit.signal })));
  };
}
