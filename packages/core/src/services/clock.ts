import { isBackground } from "../async/abort.ts";
import { maxTimerMs } from "../async/time-limit.ts";
import type { Clock } from "../contract/system-services.ts";
import { AbortError } from "../errors/errors.ts";
import { isError } from "../util/is-error.ts";

/** The error of an aborted wait: the reason of its signal if that is an error. */
export function abortReason(signal: AbortSignal): Error {
  return isError(signal.reason) ? signal.reason : new AbortError("The operation was aborted.");
}

/**
 * `performance.now()` reads the same clock, but its first use takes a process a millisecond to
 * load.
 */
function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

/** The clocks of the machine. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: monotonicMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(abortReason(signal));
        const onAbort = () => {
          clearTimeout(timer);
          reject(abortReason(signal));
        };
        const timer = setTimeout(
          () => {
            signal.removeEventListener("abort", onAbort);
            resolve();
          },
          Math.min(ms, maxTimerMs),
        );
        if (isBackground(signal)) timer.unref?.();
        signal.addEventListener("abort", onAbort, { once: true });
      }),
    startTimer(ms, onEnd, background) {
      const timer = setTimeout(onEnd, Math.min(ms, maxTimerMs));
      if (background) timer.unref?.(); // in Workers of before 2026-02-10 it is a number
      return () => clearTimeout(timer);
    },
  };
}
