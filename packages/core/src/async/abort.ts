import { AbortError } from "../errors/errors.ts";

/** What a caller gets whose own signal ended. */
export function callerAborted(): AbortError {
  return new AbortError("The caller aborted the request.");
}

/** Why a timer ends whose work is done. One for all: an error of its own would cost more than all the rest of a wait. */
export const workDone: Error = new AbortError("The work is done.");

const mark = Symbol.for("@azidentity/background");

/**
 * Marks work in the background by the signal that ends it: timers and connections which get this signal from a clock or a transport of the
 * core do not keep the process alive.
 */
export function markBackground(signal: AbortSignal): void {
  Object.defineProperty(signal, mark, { value: true, configurable: true });
}

/** Whether what this signal would end is work in the background. */
export function isBackground(signal: AbortSignal): boolean {
  return (signal as { [mark]?: true })[mark] === true;
}
