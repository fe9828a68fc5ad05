import type { Clock } from "../contract/system-services.ts";
import { isBackground, markBackground, workDone } from "./abort.ts";

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

/**
 * Begins a limit for work that is about to start. It ends in time, and with `outer`, even if the
 * work ignores its signal.
 */
export function startTimeLimit({ clock, ms, late, background }: TimeLimit, outer: AbortSignal): RunningLimit {
  const controller = new AbortController();
  const { signal } = controller;
  const finished = new AbortController();
  if (background ?? isBackground(outer)) for (const one of [signal, finished.signal]) markBackground(one);
  const onOuterAbort = () => controller.abort(outer.reason);
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
  ended.catch(() => undefined); // the work may be over by then
  if (outer.aborted) onOuterAbort();
  outer.addEventListener("abort", onOuterAbort, { once: true });
  clock.sleep(ms, finished.signal).then(
    () => controller.abort(late()),
    () => undefined,
  );
  return {
    signal,
    async race(work) {
      try {
        return await Promise.race([ended, work]);
      } finally {
        outer.removeEventListener("abort", onOuterAbort);
        finished.abort(workDone);
      }
    },
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
