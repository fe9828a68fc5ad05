import type { RetryTable } from "@azidentity/core/plugin";
import type { Host } from "./host.ts";

/**
 * The retries of one acquisition. A host that variables or an option name exists, so while nothing
 * listens or answers there it may be starting, and is asked until the deadline. A guessed one is
 * asked once for an answer: silence is no reason to wait longer.
 */
export function retriesOf({ retries }: Pick<Host, "retries">, isConfigured: boolean): RetryTable {
  if (!isConfigured) return retries;
  const minimumTotalMs = { ...retries.minimumTotalMs, 0: Number.POSITIVE_INFINITY };
  return { ...retries, minimumTotalMs, retriesTimeouts: true };
}

/**
 * Milliseconds within which the response to the nth attempt must arrive. The first attempt is cut
 * short, because a connection that was kept alive may be dead; the last limit holds for all others,
 * and where there is one attempt only.
 */
export function attemptTimeoutMs(
  { attemptTimeoutsMs }: Pick<Host, "attemptTimeoutsMs">,
  attempt: number,
  isOnlyAttempt: boolean,
): number {
  const last = attemptTimeoutsMs.at(-1) as number;
  return isOnlyAttempt ? last : (attemptTimeoutsMs[attempt - 1] ?? last);
}
