import { type Clock, markBackground } from "@azidentity/core/plugin";

/** Timeout of a command, in milliseconds, where no option sets another. */
export const defaultTimeoutMs = 500;

interface Wait {
  readonly ms: number;
  readonly untilMono: number;
  readonly end: (reason: Error) => void;
}

/**
 * The end of a wait, in which a program whose event loop was blocked sends its command and reads
 * the reply; repeated if the event loop was blocked again.
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

/** Sleeps, and again while the event loop was blocked meanwhile. */
async function sleepUnblocked(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  for (let tries = 0; tries < maxGracePeriods; tries++) {
    const startedMono = clock.monotonic();
    await clock.sleep(ms, signal);
    if (clock.monotonic() - startedMono < 2 * graceMs) return;
  }
}

/** The waits of the pending commands, and whether they are being watched. */
interface Watched {
  readonly waits: Set<Wait>;
  watching: boolean;
}

/**
 * Ends each wait when its time is up, until none is left. `maxPauseMs`: a call may start meanwhile.
 */
async function watch(watched: Watched, clock: Clock, maxPauseMs: number, signal: AbortSignal): Promise<void> {
  const { waits } = watched;
  while (waits.size > 0) {
    const first = Math.min(...Array.from(waits, ({ untilMono }) => untilMono));
    const pauseMs = Math.max(0, Math.min(first - clock.monotonic(), maxPauseMs));
    const lastMs = Math.min(graceMs, pauseMs);
    await clock.sleep(pauseMs - lastMs, signal);
    await sleepUnblocked(clock, lastMs, signal);
    const now = clock.monotonic();
    for (const { untilMono, ms, end } of waits) if (untilMono <= now) end(new Error(`no answer within ${ms} ms`));
  }
  watched.watching = false; // in the turn in which the last wait was seen to be gone
}

/**
 * Limits the time of commands with one timer for all of them: a timer per command would take a
 * third as long as Redis itself. Keeps the process alive while a command is pending.
 */
export function createTimeLimit(clock: Clock, defaultMs: number): TimeLimit {
  const waits = new Set<Wait>();
  const watched: Watched = { waits, watching: false };
  const closing = new AbortController();
  markBackground(closing.signal); // the timer may outlast the last command
  const keepAlive = createKeepAlive();

  return {
    run: (work, ms = defaultMs) =>
      new Promise((resolve, reject) => {
        closing.signal.throwIfAborted();
        const end = (settle: () => void) => {
          if (waits.delete(wait) && waits.size === 0) keepAlive.stop();
          settle();
        };
        const wait: Wait = { ms, untilMono: clock.monotonic() + ms, end: (reason) => end(() => reject(reason)) };
        waits.add(wait);
        if (waits.size === 1) keepAlive.start();
        work().then(
          (answer) => end(() => resolve(answer)),
          (error) => end(() => reject(error)),
        );
        if (watched.watching) return;
        watched.watching = true;
        watch(watched, clock, defaultMs, closing.signal).catch(() => undefined); // closed
      }),
    close(reason) {
      closing.abort(reason);
      for (const { end } of waits) end(reason);
      keepAlive.close();
    },
  };
}
