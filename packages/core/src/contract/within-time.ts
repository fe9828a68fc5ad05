import { workDone } from "./abort-reasons.ts";
import { isBackground, markBackground } from "./background.ts";
import type { Clock } from "./services.ts";

export interface TimeLimit {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly ms: number;
  /** What the work ends with when its time is up. */
  readonly late: () => Error;
  /** Nobody waits for the work. Default: when nobody waits for what `outer` would end. */
  readonly background?: boolean | undefined;
}

/** Runs `work` for a while at most. It ends in time, and when `outer` does, even if the work ignores its signal. */
export async function withinTime<T>(
  { clock, ms, late, background }: TimeLimit,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const finished = new AbortController();
  if (background ?? isBackground(outer)) for (const one of [signal, finished.signal]) markBackground(one);
  const onOuterAbort = () => controller.abort(outer.reason);
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
  ended.catch(() => undefined); // nobody may be listening any more
  if (outer.aborted) onOuterAbort();
  outer.addEventListener("abort", onOuterAbort, { once: true });
  clock.sleep(ms, finished.signal).then(
    () => controller.abort(late()),
    () => undefined,
  );
  try {
    return await Promise.race([ended, work(signal)]);
  } finally {
    outer.removeEventListener("abort", onOuterAbort);
    finished.abort(workDone);
  }
}
