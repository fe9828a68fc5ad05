import type { Clock } from "../contract/system-services.ts";
import { isBackground, markBackground, workDone } from "./abort.ts";

export interface TimeLimit {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly ms: number;
  /** What the work ends with when its time is up. */
  readonly late: () => Error;
  /** Nobody waits for the work. Default: when nobody waits for what `outer` would end. */
  readonly background?: boolean | undefined;
}

/** A limit that has begun. */
export interface RunningLimit {
  /** Ends when the time is up, and when the outer signal ends. */
  readonly signal: AbortSignal;
  /** What the work brings, or why the signal ended first. The limit is over with it. */
  race<T>(work: Promise<T>): Promise<T>;
}

/** Begins a limit for work that is about to start. It ends in time, and when `outer` does, even if the work ignores its signal. */
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

/** Runs `work` for a while at most. It ends in time, and when `outer` does, even if the work ignores its signal. */
export async function withinTime<T>(
  limit: TimeLimit,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const running = startTimeLimit(limit, outer);
  return running.race((async () => work(running.signal))());
}
