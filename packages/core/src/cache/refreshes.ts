import { workDone } from "../async/abort.ts";
import { abortFlights, createFlights, detachFlight, joinFlight, releaseFlights } from "../async/flights.ts";
import type { Clock } from "../contract/system-services.ts";
import type { AbortSignalLike } from "../contract/token.ts";
import type { Entry } from "./entry.ts";
import type { Throttle } from "./throttle.ts";

/** Remaining life of a token below which callers wait for its refresh. */
const waitBelowMs = 60_000;
/** Pause after a failed refresh; doubled after each failure in a row. */
const retryPauseMs = { first: 10_000, max: 5 * 60_000 };

export interface RefreshesSettings {
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly throttle: Throttle;
  /** Milliseconds until the token of an entry expires. */
  readonly remainingMs: (entry: Entry) => number;
  /** Called with the error of each refresh that failed. */
  readonly onRefreshFailed?: (error: unknown) => void;
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

/**
 * Refreshes tokens in the background while callers still get the valid one, so that an outage is
 * survived: a refresh that fails is tried again after a growing pause.
 */
export interface Refreshes<T> {
  /**
   * Returns the old token at once while one refresh runs for all callers; in the last minute of its
   * life, waits for the refresh.
   */
  staleWhileRevalidate(stale: StaleEntry<T>, signal: AbortSignalLike | undefined): Promise<T>;
  /** Keeps later callers from joining the refreshes under way. */
  release(): void;
  /** Aborts all refreshes; their failures are not reported. */
  abort(reason: Error): void;
}

/** Reports that a refresh failed, and notes in the entry when the next one may begin. */
function noteFailure({ entry, tenant }: StaleEntry<unknown>, error: unknown, settings: RefreshesSettings): void {
  const { clock, throttle, random, onRefreshFailed } = settings;
  const ms = Math.min(retryPauseMs.first * 2 ** entry.failures, retryPauseMs.max) * (1 + random() / 5);
  entry.failures++;
  entry.retryMono = Math.max(clock.monotonic() + ms, throttle.until(tenant));
  onRefreshFailed?.(error);
}

export function createRefreshes<T>(settings: RefreshesSettings): Refreshes<T> {
  const { clock, remainingMs } = settings;
  const flights = createFlights<T>();
  const isCoolingDown = ({ entry }: StaleEntry<T>) => clock.monotonic() < entry.retryMono;

  const start = (stale: StaleEntry<T>): void => {
    const refresh = async (signal: AbortSignal) => {
      try {
        return await stale.refresh(signal);
      } catch (error) {
        if (!signal.aborted) noteFailure(stale, error, settings);
        throw error;
      }
    };
    detachFlight(flights, stale.key, refresh)?.catch(() => undefined);
  };

  /** A refresh does not keep the process alive, so the timer of the wait has to. */
  const wait = async ({ entry, old, key }: StaleEntry<T>, signal: AbortSignalLike | undefined): Promise<T> => {
    const waited = new AbortController();
    clock.sleep(waitBelowMs, waited.signal).catch(() => undefined);
    try {
      return await joinFlight(flights, key, signal, async () => old);
    } catch (error) {
      if (signal?.aborted !== true && remainingMs(entry) > 0) return old;
      throw error;
    } finally {
      waited.abort(workDone);
    }
  };

  return {
    async staleWhileRevalidate(stale, signal) {
      if (!isCoolingDown(stale)) start(stale);
      return remainingMs(stale.entry) > waitBelowMs || isCoolingDown(stale) ? stale.old : wait(stale, signal);
    },
    release: () => releaseFlights(flights),
    abort: (reason) => abortFlights(flights, reason),
  };
}
