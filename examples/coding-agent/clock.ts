import { setTimeout as sleep } from "node:timers/promises";

/**
 * The clock of this machine, which the example can move, so that a working day takes a few seconds.
 */
export function createMovableClock() {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    monotonic: () => performance.now() + offsetMs,
    sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
    advance(ms: number) {
      offsetMs += ms;
    },
  };
}
