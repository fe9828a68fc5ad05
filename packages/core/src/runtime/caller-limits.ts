import { callerAborted, unlessAborted } from "../async/abort.ts";
import { startTimeLimit } from "../async/time-limit.ts";
import type { Clock } from "../contract/system-services.ts";
import type { AbortSignalLike, GetTokenOptions } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import type { Runtime } from "./assemble.ts";

/** The runtime; rejects if the caller aborts before it is loaded. */
export function loaded(load: () => Promise<Runtime>, signal: AbortSignalLike | undefined): Promise<Runtime> {
  return signal === undefined ? load() : unlessAborted(load(), signal, (reject) => reject(callerAborted()));
}

/** What one caller allows: its signal, and its timeout when it has one. */
export interface CallerLimit {
  readonly signal: AbortSignalLike | undefined;
  /**
   * The result of the work; rejects if the limit ends first. The work goes on for other callers.
   */
  race<T>(work: Promise<T>): Promise<T>;
}

export function startCallerLimit(clock: Clock, { abortSignal, requestOptions }: GetTokenOptions): CallerLimit {
  const ms = requestOptions?.timeout;
  if (ms === undefined || ms <= 0) return { signal: abortSignal, race: (work) => work };
  const caller = new AbortController();
  const onAbort = () => caller.abort(callerAborted());
  if (abortSignal?.aborted) onAbort();
  abortSignal?.addEventListener("abort", onAbort);
  const late = () =>
    outcomeError("timeout", `No token within the request's timeout of ${ms} ms.`, {
      remedy: "Raise `requestOptions.timeout`, or omit it.",
    });
  const limit = startTimeLimit({ clock, ms, late }, caller.signal);
  return {
    signal: limit.signal,
    race: (work) => limit.race(work).finally(() => abortSignal?.removeEventListener("abort", onAbort)),
  };
}
