import { workDone } from "../async/abort.ts";
import { createFlights } from "../async/flights.ts";
import type { Clock } from "../contract/system-services.ts";
import type { AbortSignalLike } from "../contract/token.ts";
import type { Entry } from "./entry.ts";
import type { Throttle } from "./throttle.ts";

/** In the last minute of a token callers wait for its refresh. */
const lastMinute = 60_000;
/** Pause after a failed refresh, milliseconds; doubled each time. */
const pause = { first: 10_000, most: 5 * 60_000 };

export interface RefreshesSettings {
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly throttle: Throttle;
  readonly lifeLeft: (entry: Entry) => number;
  /** Told when one failed. */
  readonly onRefreshFailed?: (error: unknown) => void;
}

/** An entry whose refresh is due, for one caller. */
export interface Due<T> {
  readonly entry: Entry;
  /** What callers get as long as there is nothing newer. */
  readonly old: T;
  /** `undefined`: the source's own. */
  readonly tenant: string | undefined;
  /** Requests with the same key share a refresh. */
  readonly key: string;
  readonly refresh: (signal: AbortSignal) => Promise<T>;
}

/** Refreshes beside callers who still have a valid token, which outlives an outage: a refresh that fails is tried again, later and later. */
export interface Refreshes<T> {
  /** The old token at once, while one refresh runs beside all its callers; in its last minute what the refresh brings. */
  serve(due: Due<T>, signal: AbortSignalLike | undefined): Promise<T>;
  /** Lets no later caller wait for what is under way. */
  release(): void;
  /** Ends all of them; nobody is told that they failed. */
  abort(reason: Error): void;
}

export function createRefreshes<T>(settings: RefreshesSettings): Refreshes<T> {
  const { clock, throttle, lifeLeft } = settings;
  const flights = createFlights<T>();

  const noteFailure = ({ entry, tenant }: Due<T>, error: unknown): void => {
    const ms = Math.min(pause.first * 2 ** entry.failures, pause.most) * (1 + settings.random() / 5);
    entry.failures++;
    entry.retryMono = Math.max(clock.monotonic() + ms, throttle.until(tenant));
    settings.onRefreshFailed?.(error);
  };

  const rests = ({ entry }: Due<T>) => clock.monotonic() < entry.retryMono;

  const start = (due: Due<T>): void => {
    const refresh = async (signal: AbortSignal) => {
      try {
        return await due.refresh(signal);
      } catch (error) {
        if (!signal.aborted) noteFailure(due, error);
        throw error;
      }
    };
    flights.detach(due.key, refresh)?.catch(() => undefined);
  };

  /** A refresh keeps no process alive, so the wait for it has to. */
  const wait = async ({ entry, old, key }: Due<T>, signal: AbortSignalLike | undefined): Promise<T> => {
    const waited = new AbortController();
    clock.sleep(lastMinute, waited.signal).catch(() => undefined);
    try {
      return await flights.join(key, signal, async () => old);
    } catch (error) {
      if (signal?.aborted !== true && lifeLeft(entry) > 0) return old;
      throw error;
    } finally {
      waited.abort(workDone);
    }
  };

  return {
    async serve(due, signal) {
      if (!rests(due)) start(due);
      return lifeLeft(due.entry) > lastMinute || rests(due) ? due.old : wait(due, signal);
    },
    release: flights.release,
    abort: flights.abort,
  };
}
