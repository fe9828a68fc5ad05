import { workDone } from "../async/abort.ts";
import { detachFlight, type Flights, joinFlight } from "../async/flights.ts";
import type { Clock } from "../contract/system-services.ts";
import type { AbortSignalLike } from "../contract/token.ts";
import type { Entry } from "./entry.ts";
import { type Freshness, waitBelowMs } from "./freshness.ts";
import { type Throttle, throttledUntil } from "./throttle.ts";

/** Pause after a failed refresh; doubled after each failure in a row. */
const firstPauseMs = 10_000;
const maxPauseMs = 5 * 60_000;
/**
 * How long callers wait for a refresh while their token is valid: less than the time in which
 * database drivers give up a sign-in.
 */
const maxWaitMs = 5_000;

/** Where refreshes run. */
export interface Refreshes<T> {
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly throttle: Throttle;
  readonly freshness: Freshness;
  /** Those under way. */
  readonly flights: Flights<T>;
  /** Called with the error of each refresh that failed. */
  readonly onRefreshFailed: (error: unknown) => void;
}

/** An entry whose refresh is due, and how to refresh it. */
export interface StaleEntry<T> {
  readonly entry: Entry;
  /** The token that callers get until there is a newer one. */
  readonly old: T;
  /** `undefined`: the source's own tenant. */
  readonly tenant: string | undefined;
  /** Requests with the same key share a refresh. */
  readonly key: string;
  readonly refresh: (signal: AbortSignal) => Promise<T>;
}

/** Reports that a refresh failed, and notes in the entry when the next one may begin. */
function noteFailure<T>(
  { clock, throttle, random, onRefreshFailed }: Refreshes<T>,
  { entry, tenant }: StaleEntry<T>,
  error: unknown,
): void {
  const ms = Math.min(firstPauseMs * 2 ** entry.failures, maxPauseMs) * (1 + random() / 5);
  entry.failures++;
  entry.retryMono = Math.max(clock.monotonic() + ms, throttledUntil(throttle, tenant));
  onRefreshFailed(error);
}

/** The turn of the event loop after this one. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Starts a refresh, unless one is under way; `isServed`: in the next turn, because no caller waits
 * for it.
 */
function start<T>(refreshes: Refreshes<T>, stale: StaleEntry<T>, isServed: boolean): void {
  const refresh = async (signal: AbortSignal) => {
    try {
      if (isServed) await nextTurn();
      signal.throwIfAborted();
      return await stale.refresh(signal);
    } catch (error) {
      if (!signal.aborted) noteFailure(refreshes, stale, error);
      throw error;
    }
  };
  detachFlight(refreshes.flights, stale.key, refresh)?.catch(() => undefined);
}

/** A refresh does not keep the process alive, so the timer of the wait has to. */
async function wait<T>(refreshes: Refreshes<T>, stale: StaleEntry<T>, signal: AbortSignalLike | undefined): Promise<T> {
  const { clock, flights, freshness } = refreshes;
  const { entry, old, key } = stale;
  const waited = new AbortController();
  const limit = clock
    .sleep(maxWaitMs, waited.signal)
    .then(() => (freshness.remainingMs(entry) > 0 ? old : wait(refreshes, stale, signal)));
  try {
    return await Promise.race([joinFlight(flights, key, signal, async () => old), limit]);
  } catch (error) {
    if (signal?.aborted !== true && freshness.remainingMs(entry) > 0) return old;
    throw error;
  } finally {
    waited.abort(workDone);
  }
}

/**
 * Refreshes a token in the background while callers still get the valid one, so that an outage is
 * survived: a refresh that fails is tried again after a growing pause. Returns the old token at
 * once while one refresh runs for all callers; in the last two and a half minutes of its life,
 * waits for the refresh, for at most five seconds.
 */
export async function staleWhileRevalidate<T>(
  refreshes: Refreshes<T>,
  stale: StaleEntry<T>,
  signal: AbortSignalLike | undefined,
): Promise<T> {
  const { clock, freshness } = refreshes;
  const isCoolingDown = clock.monotonic() < stale.entry.retryMono;
  const isServed = freshness.remainingMs(stale.entry) > waitBelowMs || isCoolingDown;
  if (!isCoolingDown) start(refreshes, stale, isServed);
  return isServed ? stale.old : wait(refreshes, stale, signal);
}
