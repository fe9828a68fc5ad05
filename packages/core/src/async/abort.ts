import { AbortError } from "../errors/errors.ts";

/** The error of a call whose own signal ended. */
export function callerAborted(): AbortError {
  return new AbortError("The caller aborted the request.");
}

/**
 * Waits for the work; rejects with the reason of the signal as soon as that is aborted.
 *
 * @throws {Error} the error of the work, or the reason of the signal
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/**
 * The abort reason of timers that are no longer needed. Shared: an error for each would cost more
 * than the rest of the wait.
 */
export const workDone: Error = new AbortError("The work is done.");

const mark = Symbol.for("@azidentity/background");

/**
 * Marks the signal of background work. Timers of the core's clock and connections of its transport
 * that get a marked signal do not keep the process alive.
 */
export function markBackground(signal: AbortSignal): void {
  Object.defineProperty(signal, mark, { value: true, configurable: true });
}

/** Whether this is the signal of background work. */
export function isBackground(signal: AbortSignal): boolean {
  return (signal as { [mark]?: true })[mark] === true;
}
