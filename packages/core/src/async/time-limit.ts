import type { Clock } from "../contract/system-services.ts";
import { isBackground, markBackground, workDone } from "./abort.ts";

/** Milliseconds of the longest timer; a longer one would fire at once. */
export const maxTimerMs = 2_147_483_647;

/** How long work may take. */
export interface TimeLimit {
  /** Measures the limit. */
  readonly clock: Clock;
  /** Milliseconds from the start. */
  readonly ms: number;
  /** Makes the error that the work ends with when its time is up. */
  readonly late: () => Error;
  /** Whether no caller waits for the work. Default: what `outer` is marked as. */
  readonly background?: boolean | undefined;
}

/** A limit that has begun. */
export interface RunningLimit {
  /** Ends when the time is up, and when the outer signal ends. */
  readonly signal: AbortSignal;
  /**
   * Settles as `work` does, or rejects with the reason of `signal` if that ends first. Ends the
   * limit.
   */
  race<T>(work: Promise<T>): Promise<T>;
}

/** Starts a timer of the clock; of one without timers, a sleep. Returns what stops it. */
function startTimer(clock: Clock, ms: number, onEnd: () => void, background: boolean): () => void {
  if (clock.startTimer !== undefined) return clock.startTimer(ms, onEnd, background);
  const stopped = new AbortController();
  if (background) markBackground(stopped.signal);
  clock.sleep(ms, stopped.signal).then(onEnd, () => undefined);
  return () => stopped.abort(workDone);
}

/**
 * Begins a limit for work that is about to start. It ends in time, and with `outer`, even if the
 * work ignores its signal.
 */
export function startTimeLimit(limit: TimeLimit, outer: AbortSignal): RunningLimit {
  const { clock, ms, late, background = isBackground(outer) } = limit;
  const controller = new AbortController();
  const { signal } = controller;
  if (background) markBackground(signal);
  let onAbort: ((reason: unknown) => void) | undefined;
  const abort = (reason: unknown) => {
    controller.abort(reason);
    onAbort?.(reason);
  };
  const onOuterAbort = () => abort(outer.reason);
  if (outer.aborted) onOuterAbort();
  else outer.addEventListener("abort", onOuterAbort, { once: true });
  const stopTimer = startTimer(clock, ms, () => abort(late()), background);
  const finish = () => {
    outer.removeEventListener("abort", onOuterAbort);
    stopTimer();
  };
  return {
    signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        const settle =
          <T>(how: (result: T) => void) =>
          (result: T) => {
            finish();
            how(result);
          };
        onAbort = settle(reject);
        work.then(settle(resolve), onAbort);
        if (signal.aborted) onAbort(signal.reason);
      }),
  };
}

/**
 * Runs `work` for a limited time. It ends in time, and with `outer`, even if the work ignores its
 * signal.
 *
 * @throws {Error} the error of the work, that of `limit.late`, or the reason of `outer`
 */
export async function withinTime<T>(
  limit: TimeLimit,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const running = startTimeLimit(limit, outer);
  return running.race((async () => work(running.signal))());
}
