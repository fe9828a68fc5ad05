import { AbortError } from "./errors.ts";

/** What a caller gets whose own signal ended. */
export function callerAborted(): AbortError {
  return new AbortError("The caller aborted the request.");
}

/** Why a timer ends whose work is done. One for all: an error of its own would cost more than all the rest of a wait. */
export const workDone: Error = new AbortError("The work is done.");
