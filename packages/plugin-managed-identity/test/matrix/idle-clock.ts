import type { Clock } from "@azidentity/core/plugin";

interface Sleeper {
  readonly wakeMs: number;
  readonly wake: () => void;
}

/** A clock whose time passes when nothing else can happen: the next sleeper wakes at once. */
export interface IdleClock extends Clock {
  /**
   * Waits for `work`, letting time pass for it. Rejects when nothing sleeps and `work` never
   * settles.
   */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Turns of the event loop after which a program that reads no file is idle. */
const idleTurns = 2;
/** How often work may be found idle with nothing asleep before it is given up. */
const maxIdleRounds = 1_000;

/** Whether a file is being read: then the program is not idle, however many turns pass. */
const readsFiles = () =>
  process.getActiveResourcesInfo().some((name) => name === "FSReqPromise" || name === "CloseReq");

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Starts at `startMs`, milliseconds since 1970. */
export function createIdleClock(startMs: number): IdleClock {
  let elapsedMs = 0;
  const sleepers = new Set<Sleeper>();

  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        sleepers.delete(sleeper);
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const sleeper = { wakeMs: elapsedMs + ms, wake };
      sleepers.add(sleeper);
      signal.addEventListener("abort", onAbort, { once: true });
    });

  const wakeNext = (): boolean => {
    const [first] = [...sleepers].sort((a, b) => a.wakeMs - b.wakeMs);
    if (first === undefined) return false;
    elapsedMs = Math.max(elapsedMs, first.wakeMs);
    first.wake();
    return true;
  };

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    sleep,
    async run(work) {
      let isOpen = true;
      const settled = work.finally(() => {
        isOpen = false;
      });
      settled.catch(() => undefined);
      for (let stuck = 0; isOpen; ) {
        for (let turns = 0; turns < idleTurns && isOpen; turns++) await turn();
        if (!isOpen || readsFiles()) continue;
        stuck = wakeNext() ? 0 : stuck + 1;
        if (stuck > maxIdleRounds) throw new Error("The work waits for something that never happens.");
      }
      return settled;
    },
  };
}
