import { type Clock, markBackground } from "@azidentity/core/plugin";

interface Wait {
  readonly ms: number;
  readonly untilMono: number;
  readonly end: (reason: Error) => void;
}

/**
 * The end of a wait, in which a program whose event loop was blocked sends its command and reads the
 * reply; repeated if the event loop was blocked again.
 */
const graceMs = 20;
const maxGracePeriods = 5;

export interface TimeLimit {
  /** Settles as `work` does, or rejects after `ms`. */
  run<T>(work: () => Promise<T>, ms?: number): Promise<T>;
  /** Rejects all pending and later calls. */
  close(reason: Error): void;
}

/** Keeps the process alive while a command is pending, because the socket does not. */
function createKeepAlive() {
  const timer = setInterval(() => undefined, 2 ** 30); // only its existence matters
  timer.unref();
  return {
    start: () => void timer.ref(),
    stop: () => void timer.unref(),
    close: () => clearInterval(timer),
  };
}

/**
 * Limits the time of commands with one timer for all of them: a timer per command would take a third
 * as long as Redis itself. Keeps the process alive while a command is pending.
 */
export function createTimeLimit(clock: Clock, defaultMs: number): TimeLimit {
  const waits = new Set<Wait>();
  const closing = new AbortController();
  markBackground(closing.signal); // the timer may outlast the last command
  const keepAlive = createKeepAlive();
  let watching = false;

  /** Sleeps, and again while the event loop was blocked meanwhile. */
  const sleepUnblocked = async (ms: number): Promise<void> => {
    for (let tries = 0; tries < maxGracePeriods; tries++) {
      const startedMono = clock.monotonic();
      await clock.sleep(ms, closing.signal);
      if (clock.monotonic() - startedMono < 2 * graceMs) return;
    }
  };

  const watch = async (): Promise<void> => {
    while (waits.size > 0) {
      const first = Math.min(...Array.from(waits, ({ untilMono }) => untilMono));
      const pauseMs = Math.max(0, Math.min(first - clock.monotonic(), defaultMs)); // a call with the default may start meanwhile
      const lastMs = Math.min(graceMs, pauseMs);
      await clock.sleep(pauseMs - lastMs, closing.signal);
      await sleepUnblocked(lastMs);
      const now = clock.monotonic();
      for (const { untilMono, ms, end } of waits) if (untilMono <= now) end(new Error(`no answer within ${ms} ms`));
    }
    watching = false;
  };

  return {
    run: (work, ms = defaultMs) =>
      new Promise((resolve, reject) => {
        closing.signal.throwIfAborted();
        const end = (settle: () => void) => {
          if (waits.delete(wait) && waits.size === 0) keepAlive.stop();
          settle();
        };
        const wait: Wait = {
          ms,
          untilMono: clock.monotonic() + ms,
          end: (reason) => end(() => reject(reason)),
        };
        waits.add(wait);
        if (waits.size === 1) keepAlive.start();
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
      keepAlive.close();
    },
  };
}
