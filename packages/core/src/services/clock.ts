import { isBackground } from "../async/abort.ts";
import type { Clock } from "../contract/system-services.ts";
import { AbortError } from "../errors/errors.ts";

/** What a wait that was ended rejects with: the signal's own reason when that is an error. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new AbortError("The operation was aborted.");
}

/** What a timer of Node holds; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's clocks. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
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
          Math.min(ms, longestTimer),
        );
        if (isBackground(signal)) timer.unref();
        signal.addEventListener("abort", onAbort, { once: true });
      }),
  };
}
