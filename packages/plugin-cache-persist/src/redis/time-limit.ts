import { type Clock, markBackground } from "@azidentity/core/plugin";
import { createProcessHold } from "./process-hold.ts";

interface Wait {
  readonly ms: number;
  /** On the monotonic clock. */
  readonly until: number;
  readonly end: (reason: Error) => void;
}

/**
 * Milliseconds at the end of a wait, in which a program that was busy with something else sends its question and reads the answer; how often
 * it gets them again because it was busy once more.
 */
const grace = { ms: 20, most: 5 };

export interface TimeLimit {
  /** What `work` answers; rejects after `ms`, whatever the work does. */
  run<T>(work: () => Promise<T>, ms?: number): Promise<T>;
  /** Ends every wait. */
  close(reason: Error): void;
}

/**
 * Ends the wait for answers that do not come. One timer watches over all of them and goes on when they have come: a timer for each of them
 * would take a third as long as Redis itself. The process stays alive while an answer is waited for, and not a moment longer.
 */
export function createTimeLimit(clock: Clock, usualMs: number): TimeLimit {
  const waits = new Set<Wait>();
  const closing = new AbortController();
  markBackground(closing.signal); // the timer may outlast the last wait
  const alive = createProcessHold();
  let watching = false;

  const sleepAwake = async (ms: number): Promise<void> => {
    for (let tries = 0; tries < grace.most; tries++) {
      const started = clock.monotonic();
      await clock.sleep(ms, closing.signal);
      if (clock.monotonic() - started < 2 * grace.ms) return;
    }
  };

  const watch = async (): Promise<void> => {
    while (waits.size > 0) {
      const first = Math.min(...Array.from(waits, ({ until }) => until));
      const pause = Math.max(0, Math.min(first - clock.monotonic(), usualMs)); // no longer: a shorter wait may come meanwhile
      const last = Math.min(grace.ms, pause);
      await clock.sleep(pause - last, closing.signal);
      await sleepAwake(last);
      const now = clock.monotonic();
      for (const { until, ms, end } of waits) if (until <= now) end(new Error(`no answer within ${ms} ms`));
    }
    watching = false;
  };

  return {
    run: (work, ms = usualMs) =>
      new Promise((resolve, reject) => {
        closing.signal.throwIfAborted();
        const end = (settle: () => void) => {
          if (waits.delete(wait) && waits.size === 0) alive.release();
          settle();
        };
        const wait: Wait = {
          ms,
          until: clock.monotonic() + ms,
          end: (reason) => end(() => reject(reason)),
        };
        waits.add(wait);
        if (waits.size === 1) alive.hold();
        work().then(
          (answer) => end(() => resolve(answer)),
          (error) => end(() => reject(error)),
        );
        if (watching) return;
        watching = true;
        watch().catch(() => undefined); // closed
      }),
    close(reason) {
      closing.abort(reason);
      for (const { end } of waits) end(reason);
      alive.end();
    },
  };
}
