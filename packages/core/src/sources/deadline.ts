import { outcomeError } from "../contract/errors.ts";
import type { Clock } from "../contract/services.ts";
import { withinTime } from "../contract/within-time.ts";

export interface Deadline {
  /** For the error. */
  readonly source: string;
  /** Milliseconds. */
  readonly ms: number;
  readonly clock: Clock;
  /** Nobody waits for the work. */
  readonly background?: boolean;
  /** Told when the work has to be over (monotonic milliseconds), for the retry loop. */
  readonly setDeadline: (signal: AbortSignal, mono: number) => void;
}

/** Runs `work` under a deadline. It ends in time, and when `outer` does, even if the work ignores its signal. */
export async function underDeadline<T>(
  { source, ms, clock, background = false, setDeadline }: Deadline,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = () =>
    outcomeError("timeout", `${source} had no answer within ${ms / 1000} s.`, {
      remedy: "Raise its `deadlineMs` if it is just slow.",
    });
  return withinTime({ clock, ms, late, background }, outer, (signal) => {
    setDeadline(signal, clock.monotonic() + ms);
    return work(signal);
  });
}
