import type { Clock } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import type { Entry } from "./entry.ts";

/** How long before expiry a refresh is due when the token has no `refreshAfterTimestamp`. */
export const refreshBeforeMs = 5 * 60_000;
/**
 * Remaining life of a token below which callers get the next one. The AMQP clients of the Azure SDK
 * ask two minutes before expiry, and send what they get to the service; `@azure/event-hubs` asks
 * again after the life that its first token had, less two minutes.
 */
export const waitBelowMs = 150_000;
/**
 * Pause after a token whose refresh was due when it was issued: its issuer serves it from a cache
 * of its own.
 */
const staleRefreshPauseMs = 30_000;

/**
 * When the tokens of one cache are due for refresh and when they expire, by the wall clock and the
 * monotonic clock together: neither a clock that is set back nor a sleep revives a token.
 */
export interface Freshness {
  /**
   * When a token that was just issued is due for refresh, and the moment before which none is
   * tried.
   */
  timesOf(issued: IssuedToken): Pick<Entry, "freshWall" | "freshMono" | "retryMono">;
  /** Whether the refresh of an entry is not due yet. */
  isFresh(entry: Entry): boolean;
  /** Milliseconds until expiry, by the clock that gives less. */
  remainingMs(entry: Entry): number;
}

/** `random`: 0 to 1, for jitter. */
export function createFreshness(clock: Clock, random: () => number): Freshness {
  const startedWall = Math.floor(clock.now());
  return {
    timesOf({ expiresOnTimestamp: expiry, refreshAfterTimestamp }) {
      const [wall, mono] = [clock.now(), clock.monotonic()];
      const earliest = refreshAfterTimestamp ?? Math.max(expiry - refreshBeforeMs, wall + (expiry - wall) / 2);
      // spreads the refreshes of a fleet
      const jittered = earliest + (random() * (expiry - earliest)) / 10;
      // `floor` makes small integers of them; other numbers would be heap objects
      const freshWall = Math.floor(jittered - startedWall);
      const freshMono = Math.floor(mono + (jittered - wall));
      return { freshWall, freshMono, retryMono: startedWall + freshWall <= wall ? mono + staleRefreshPauseMs : 0 };
    },
    isFresh: (entry) => clock.now() - startedWall < entry.freshWall && clock.monotonic() < entry.freshMono,
    remainingMs({ freshWall, freshMono, token }) {
      const afterFresh = token.expiresOnTimestamp - (startedWall + freshWall);
      return Math.min(token.expiresOnTimestamp - clock.now(), freshMono + afterFresh - clock.monotonic());
    },
  };
}
