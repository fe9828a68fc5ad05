import { markBackground } from "../contract/background.ts";
import { outcomeError } from "../contract/errors.ts";
import type { Clock } from "../contract/services.ts";

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

/** Ends the wait for a deadline; nobody sees it. One for all, because an abort without a reason makes an exception with its stack. */
const over = new Error("over");

/** Runs `work` under a deadline. It ends in time, and when `outer` does, even if the work ignores its signal. */
export async function underDeadline<T>(
  deadline: Deadline,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, ms } = deadline;
  const late = () =>
    outcomeError("timeout", `${deadline.source} had no answer within ${ms / 1000} s.`, {
      remedy: "Raise its `deadlineMs` if it is just slow.",
    });
  const controller = new AbortController();
  const { signal } = controller;
  const finished = new AbortController();
  if (deadline.background === true) for (const one of [signal, finished.signal]) markBackground(one);
  const onOuterAbort = () => controller.abort(outer.reason);
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
  ended.catch(() => undefined); // nobody may be listening any more
  if (outer.aborted) onOuterAbort();
  outer.addEventListener("abort", onOuterAbort, { once: true });
  deadline.setDeadline(signal, clock.monotonic() + ms);
  clock.sleep(ms, finished.signal).then(
    () => controller.abort(late()),
    () => undefined,
  );
  try {
    return await Promise.race([ended, work(signal)]);
  } finally {
    outer.removeEventListener("abort", onOuterAbort);
    finished.abort(over);
  }
}
