import type { Clock } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import type { Entry } from "./entry.ts";

/** Without `refreshAfterTimestamp`: how long before expiry a refresh is due, milliseconds. */
export const refreshBefore = 5 * 60_000;
/** Pause after a token that came with its refresh due already, milliseconds: whoever issues it keeps it, too. */
const staleRefreshPause = 30_000;

/** When the tokens of one cache are due, and dead. Always by both clocks: neither setting one back nor a sleep revives a token. */
export interface Freshness {
  /** When a token that has just come is due to be refreshed, and before when that is not tried. */
  timesOf(issued: IssuedToken): Pick<Entry, "freshWall" | "freshMono" | "retryMono">;
  /** Whether its refresh is not due yet. */
  isFresh(entry: Entry): boolean;
  /** Milliseconds that a token has to live, by the clock that gives it less. */
  lifeLeft(entry: Entry): number;
}

/** `random`: 0 to 1, for jitter. */
export function createFreshness(clock: Clock, random: () => number): Freshness {
  const began = Math.floor(clock.now());
  return {
    timesOf({ expiresOnTimestamp: dead, refreshAfterTimestamp }) {
      const [wall, mono] = [clock.now(), clock.monotonic()];
      const earliest = refreshAfterTimestamp ?? Math.max(dead - refreshBefore, wall + (dead - wall) / 2);
      const jittered = earliest + (random() * (dead - earliest)) / 10; // so that a fleet does not refresh at once
      // `floor` makes small integers of them, other arithmetic would leave them objects
      const freshWall = Math.floor(jittered - began);
      const freshMono = Math.floor(mono + (jittered - wall));
      return { freshWall, freshMono, retryMono: began + freshWall <= wall ? mono + staleRefreshPause : 0 };
    },
    isFresh: (entry) => clock.now() - began < entry.freshWall && clock.monotonic() < entry.freshMono,
    lifeLeft({ freshWall, freshMono, token }) {
      const afterFresh = token.expiresOnTimestamp - (began + freshWall);
      return Math.min(token.expiresOnTimestamp - clock.now(), freshMono + afterFresh - clock.monotonic());
    },
  };
}
