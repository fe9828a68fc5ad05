import type { AbortSignalLike } from "../contract/token.ts";
import { AbortError } from "../errors/errors.ts";

/** The error of a call whose own signal ended. */
export function callerAborted(): AbortError {
  return new AbortError("The caller aborted the request.");
}

/**
 * Waits for the work; calls `onAbort` as soon as the signal is aborted, which may be that of
 * another library.
 *
 * @throws {Error} the error of the work, or what `onAbort` rejects with
 */
export function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignalLike,
  onAbort: (reject: (reason: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => signal.removeEventListener("abort", onEnd);
    const onEnd = () => {
      end();
      onAbort(reject);
    };
    signal.addEventListener("abort", onEnd);
    if (signal.aborted) onEnd();
    work.then(resolve, reject).finally(end);
  });
}

/**
 * Waits for the work; rejects with the reason of the signal as soon as that is aborted.
 *
 * @throws {Error} the error of the work, or the reason of the signal
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return unlessAborted(work, signal, (reject) => reject(signal.reason));
}

/** Runs with a signal of our own that follows the caller's. */
export async function withOwnSignal<T>(
  caller: AbortSignalLike | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(callerAborted());
  if (caller?.aborted) onAbort();
  caller?.addEventListener("abort", onAbort);
  try {
    return await run(controller.signal);
  } finally {
    caller?.removeEventListener("abort", onAbort);
  }
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
