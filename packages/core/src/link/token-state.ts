import { abortFlights, createFlights, type Flights, releaseFlights } from "../async/flights.ts";
import type { Eviction } from "../cache/eviction.ts";
import { createFreshness, type Freshness } from "../cache/freshness.ts";
import { clearMemory, createMemory, type Memory } from "../cache/memory.ts";
import { createRefreshes, type Refreshes } from "../cache/refreshes.ts";
import { createThrottle, type Throttle } from "../cache/throttle.ts";
import type { Clock } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { type AccountChanges, accountChanged, createAccountChanges } from "./account-changes.ts";

export interface TokenStateSettings {
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** Bounds of memory, shared by all links of one identity. */
  readonly eviction: Eviction;
  /** Called when a refresh in the background failed. */
  readonly onRefreshFailed: (error: unknown) => void;
}

/** The tokens of one link: remembered ones, and those that are being acquired. */
export interface TokenState {
  readonly memory: Memory;
  readonly freshness: Freshness;
  readonly throttle: Throttle;
  readonly flights: Flights<IssuedToken>;
  readonly refreshes: Refreshes<IssuedToken>;
  readonly accounts: AccountChanges;
  /** Why no token is served any more; `undefined` while the link is open. */
  readonly closed: Error | undefined;
  /**
   * The options speak for another principal from now on: forgets all tokens; later calls join
   * nothing that is under way, which goes on for the callers who wait for it.
   */
  changePrincipal(): void;
  /** Ends all acquisitions with `reason` and forgets all tokens. */
  close(reason: Error): void;
}

export function createTokenState({ clock, random, eviction, onRefreshFailed }: TokenStateSettings): TokenState {
  const memory = createMemory(eviction);
  const freshness = createFreshness(clock, random);
  const throttle = createThrottle(clock);
  const flights = createFlights<IssuedToken>();
  const { remainingMs } = freshness;
  const refreshes = createRefreshes<IssuedToken>({ clock, random, throttle, remainingMs, onRefreshFailed });

  /** Another account may be signed in: what is under way ends, and its callers ask again. */
  const accounts = createAccountChanges({
    onChange() {
      clearMemory(memory);
      abortFlights(flights, state.closed ?? accountChanged);
      refreshes.abort(state.closed ?? accountChanged);
    },
    onAnnounce: () => clearMemory(memory),
  });

  const state: { -readonly [K in keyof TokenState]: TokenState[K] } = {
    memory,
    freshness,
    throttle,
    flights,
    refreshes,
    accounts,
    closed: undefined,
    changePrincipal() {
      clearMemory(memory);
      throttle.clearAll();
      releaseFlights(flights);
      refreshes.release();
      accounts.restart();
    },
    close(reason) {
      state.closed = reason;
      accounts.change();
    },
  };
  return state;
}
