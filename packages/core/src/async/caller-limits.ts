import type { Clock } from "../contract/system-services.ts";
import type { AbortSignalLike, GetTokenOptions } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { callerAborted, unlessAborted, withOwnSignal } from "./abort.ts";
import { withinTime } from "./time-limit.ts";

/** What `load` loads; rejects if the caller aborts before. */
export function loadUnlessAborted<T>(load: () => Promise<T>, signal: AbortSignalLike | undefined): Promise<T> {
  return signal === undefined ? load() : unlessAborted(load(), signal, (reject) => reject(callerAborted()));
}

/**
 * Does work for one caller, within what that allows: its signal, and its timeout when it has one.
 * If the limit ends first, the work goes on for other callers.
 */
export function withinCallerLimit<T>(
  clock: Clock,
  { abortSignal, requestOptions }: GetTokenOptions,
  work: (signal: AbortSignalLike | undefined) => Promise<T>,
): Promise<T> {
  const ms = requestOptions?.timeout;
  if (ms === undefined || ms <= 0) return work(abortSignal);
  const late = () =>
    outcomeError("timeout", `No token within the request's timeout of ${ms} ms.`, {
      remedy: "Raise `requestOptions.timeout`, or omit it.",
    });
  return withOwnSignal(abortSignal, (signal) => withinTime({ clock, ms, late }, signal, work));
}
