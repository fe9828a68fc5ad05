import { outcomeError } from "../contract/outcome-error.ts";
import type { Clock } from "../contract/services.ts";
import { withinTime } from "../contract/within-time.ts";

/** The variable by which an operator sets the deadline of a source, in milliseconds. */
export function timeoutVariable(source: string): string {
  return `AZIDENTITY_${source.toUpperCase().replaceAll("-", "_")}_TIMEOUT_MS`;
}

export interface Deadline {
  /** For the error. */
  readonly source: string;
  /** Milliseconds. */
  readonly ms: number;
  readonly clock: Clock;
  /** No caller waits for the work. Default: when no caller waits for what the outer signal would end. */
  readonly background?: boolean | undefined;
  /** Told when the work has to be over (monotonic milliseconds), for the retry loop. */
  readonly setDeadline: (signal: AbortSignal, mono: number) => void;
}

/** Runs `work` under a deadline. It ends in time, and when `outer` does, even if the work ignores its signal. */
export async function underDeadline<T>(
  { source, ms, clock, background, setDeadline }: Deadline,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = () =>
    outcomeError("timeout", `${source} had no answer within ${ms / 1000} s.`, {
      remedy: `If it is just slow, raise \`sources.${source}.deadlineMs\` or ${timeoutVariable(source)}.`,
    });
  return withinTime({ clock, ms, late, background }, outer, (signal) => {
    setDeadline(signal, clock.monotonic() + ms);
    return work(signal);
  });
}
