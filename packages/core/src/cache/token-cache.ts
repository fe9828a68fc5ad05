import { accessToken } from "../contract/access-token.ts";
import { AbortError, callerAborted, workDone } from "../contract/errors.ts";
import type { Clock } from "../contract/services.ts";
import type {
  AbortSignalLike,
  AccessToken,
  GetTokenOptions,
  IssuedToken,
  NormalizedRequest,
  TokenRequest,
} from "../contract/token.ts";
import type { Budget } from "./budget.ts";
import { type Entry, lifeLeft } from "./entry.ts";
import { createFlights } from "./flights.ts";
import { createMemory, mayHit, type Place, scopeText } from "./memory.ts";
import { createThrottle } from "./throttle.ts";

const minute = 60_000;
/** Without `refreshAfterTimestamp`: how long before expiry a refresh begins. */
const refreshBefore = 5 * minute;
/** In the last minute of a token callers wait for its refresh. */
const lastMinute = minute;
/** Pause after a failed refresh; doubled each time. */
const refreshPause = { first: 10_000, most: 5 * minute };
/** Pause after a token that came with its refresh due already: whoever issues it keeps it, too. */
const staleRefreshPause = 30_000;

export interface CacheSettings {
  readonly clock: Clock;
  readonly budget: Budget;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** Whether a tenant is the one that the source takes by itself, so that naming it changes nothing. */
  readonly isHome: (tenantId: string) => boolean;
  /** Whether a token is kept for the next caller; those who wait at the same time share it anyway. */
  readonly remembers: boolean;
  /** For tools whose account can change under us; `undefined`: it cannot be told at the moment. */
  readonly accountState: (() => string | undefined) | undefined;
  /** One acquisition, nothing shared. */
  readonly acquire: (request: TokenRequest) => Promise<IssuedToken>;
  /** Told when a refresh beside the callers failed. */
  readonly onRefreshFailed?: (error: unknown) => void;
}

/** The tokens of one source with its options. */
export interface TokenCache {
  /** The answer, when memory has a fresh one: one look-up and a comparison of clocks. No promise is made, nothing is checked again. */
  peek(scopes: string | readonly string[], options?: GetTokenOptions, user?: string): Promise<AccessToken> | undefined;
  /** From memory, from a flight under way, or from the source. `user`: hash of the user assertion. */
  getToken(request: NormalizedRequest, signal?: AbortSignalLike, user?: string): Promise<AccessToken>;
  forget(): void;
  /** Forgets the token of one request, because another process was refused with it. What is on its way is not remembered either. */
  forgetOne(request: Asked, user?: string): void;
  /** Somebody else may have signed in: forgets all tokens; what is under way is asked again, for whoever it is. */
  supersede(): void;
  /** Ends all flights with `reason` and forgets all tokens. */
  close(reason: Error): void;
}

/** What of a request says where its token lies. */
type Asked = Pick<NormalizedRequest, "tenantId" | "scopes" | "enableCae">;

function placeOf(request: Asked, user: string | undefined, isHome: CacheSettings["isHome"]): Place {
  const tenant = request.tenantId === undefined || isHome(request.tenantId) ? undefined : request.tenantId;
  return { tenant, user, scope: request.scopes.join(" "), cae: request.enableCae };
}

/** A token, and after which of the source's sign-ins it was got. */
interface Arrival {
  readonly token: AccessToken;
  readonly signIn: number;
}

/** Why a flight ends after whose start somebody else has signed in. No caller sees it: they ask again. */
const superseded = new AbortError("Somebody else has signed in.");

/** Everything that makes the answer of a flight different. */
function flightKey(request: NormalizedRequest, place: Place, account: string | undefined): string {
  const { tenant, user, scope, cae } = place;
  return JSON.stringify([tenant, user, scope, cae, account, request.claims, request.proofOfPossession]);
}

/** Since when a refresh is due, on both clocks. */
function freshness(issued: IssuedToken, began: number, wall: number, mono: number, random: number) {
  const { expiresOnTimestamp: dead } = issued;
  const earliest = issued.refreshAfterTimestamp ?? Math.max(dead - refreshBefore, wall + (dead - wall) / 2);
  const jittered = earliest + (random * (dead - earliest)) / 10; // so that a fleet does not refresh at once
  // `floor` makes small integers of them, other arithmetic would leave them objects
  return { freshWall: Math.floor(jittered - began), freshMono: Math.floor(mono + (jittered - wall)) };
}

export function createTokenCache(settings: CacheSettings): TokenCache {
  const { clock, accountState, isHome } = settings;
  const memory = createMemory(settings.budget);
  const flights = createFlights<Arrival>();
  const throttle = createThrottle(clock);
  const began = Math.floor(clock.now());
  let closed: Error | undefined;
  let era = 0; // what was begun in an earlier one is not remembered
  let signIn = 0; // what was got after an earlier one is not served
  let lastAccount: string | undefined;

  const left = (entry: Entry) => lifeLeft(entry, began, clock.now(), clock.monotonic());
  const isFresh = (entry: Entry) => clock.now() - began < entry.freshWall && clock.monotonic() < entry.freshMono;
  const isSameAccount = (entry: Entry) => {
    if (accountState === undefined) return true;
    const now = accountState();
    return now !== undefined && now === entry.account;
  };

  const remember = (place: Place, issued: IssuedToken, token: AccessToken, account: string | undefined): void => {
    const [wall, mono] = [clock.now(), clock.monotonic()];
    const times = freshness(issued, began, wall, mono, settings.random());
    const retryMono = began + times.freshWall <= wall ? mono + staleRefreshPause : 0;
    memory.put(place, { token, account, retryMono, ...times });
  };

  const forget = (): void => {
    era++;
    memory.clear();
  };

  const supersede = (): void => {
    signIn++;
    lastAccount = undefined;
    forget();
    flights.abort(superseded);
  };

  /** Nothing of the account before outlives the first token of another. */
  const noteAccount = (account: string | undefined): void => {
    if (account === undefined) return;
    if (lastAccount !== undefined && lastAccount !== account) supersede();
    lastAccount = account;
  };

  const acquire = async (
    request: NormalizedRequest,
    place: Place,
    background: boolean,
    signal: AbortSignal,
  ): Promise<Arrival> => {
    const { tenant, user, scope, cae } = place;
    const current = memory.at(tenant, user, scope, cae);
    const born = { era, signIn };
    const account = accountState?.(); // as it is now: the tool may change it before it answers
    const refusedToken = request.claims === undefined ? undefined : current?.token.token;
    try {
      const issued = await settings.acquire(Object.freeze({ ...request, refusedToken, background, signal }));
      if (born.signIn !== signIn) throw superseded;
      throttle.clear(tenant);
      const keeps = settings.remembers && born.era === era && request.proofOfPossession === undefined;
      noteAccount(issued.account);
      const token = accessToken(issued);
      const there = memory.at(tenant, user, scope, cae);
      const changed = there !== undefined && there !== current && there.account === account; // a challenge was answered meanwhile
      const ambiguous = account !== accountState?.(); // somebody else signed in while the tool ran: whose token this is, nobody knows
      if (keeps && !ambiguous && !(changed && request.claims === undefined)) remember(place, issued, token, account);
      return { token, signIn };
    } catch (error) {
      throttle.note(tenant, error);
      throw error;
    }
  };

  const noteFailure = (entry: Entry, tenant: string | undefined, error: unknown): void => {
    const pause = Math.min(refreshPause.first * 2 ** entry.failures, refreshPause.most) * (1 + settings.random() / 5);
    entry.failures++;
    entry.retryMono = Math.max(clock.monotonic() + pause, throttle.until(tenant));
    settings.onRefreshFailed?.(error);
  };

  /** Starts the refresh of an entry unless one runs or the last one failed just now. Its callers keep the old token meanwhile. */
  const refresh = (entry: Entry, request: NormalizedRequest, place: Place, key: string): void => {
    if (clock.monotonic() < entry.retryMono) return;
    flights
      .detach(key, (signal) => acquire(request, place, true, signal))
      ?.catch((error) => {
        if (error !== superseded) noteFailure(entry, place.tenant, error);
      });
  };

  /** Waits for the refresh of a token in its last minute. The refresh itself keeps no process alive, so the wait has to. */
  const awaitRefresh = async (entry: Entry, key: string, signal: AbortSignalLike | undefined): Promise<Arrival> => {
    const old = { token: entry.token, signIn };
    const waited = new AbortController();
    clock.sleep(lastMinute, waited.signal).catch(() => undefined);
    try {
      return await flights.join(key, signal, async () => old);
    } catch (error) {
      if (signal?.aborted !== true && closed === undefined && left(entry) > 0) return old;
      throw error;
    } finally {
      waited.abort(workDone);
    }
  };

  const fromMemory = async (
    entry: Entry,
    request: NormalizedRequest,
    place: Place,
    signal: AbortSignalLike | undefined,
  ): Promise<Arrival> => {
    const now = { token: entry.token, signIn };
    entry.used = true;
    if (isFresh(entry)) return now;
    const key = `refresh ${flightKey(request, place, entry.account)}`;
    refresh(entry, request, place, key);
    if (left(entry) > lastMinute || clock.monotonic() < entry.retryMono) return now;
    return awaitRefresh(entry, key, signal);
  };

  const ask = (request: NormalizedRequest, signal: AbortSignalLike | undefined, user: string | undefined) => {
    if (closed !== undefined) throw closed;
    if (signal?.aborted) throw callerAborted();
    const place = placeOf(request, user, isHome);
    if (request.claims === undefined && request.proofOfPossession === undefined) {
      const entry = memory.at(place.tenant, user, place.scope, place.cae);
      if (entry !== undefined && left(entry) > 0 && isSameAccount(entry))
        return fromMemory(entry, request, place, signal);
    }
    throttle.check(place.tenant);
    return flights.join(flightKey(request, place, accountState?.()), signal, (own) =>
      acquire(request, place, false, own),
    );
  };

  return {
    peek(scopes, options, user) {
      let tenant: string | undefined;
      let cae = false;
      if (options) {
        if (!mayHit(options)) return undefined;
        cae = options.enableCae === true;
        if (options.tenantId !== undefined && !isHome(options.tenantId)) tenant = options.tenantId;
      }
      const entry = memory.at(tenant, user, scopeText(scopes), cae);
      if (entry === undefined || !isFresh(entry) || !isSameAccount(entry)) return undefined;
      entry.used = true;
      return entry.answer;
    },
    async getToken(request, signal, user) {
      for (;;) {
        const asked = signIn;
        try {
          const arrival = await ask(request, signal, user);
          if (arrival.signIn === signIn) return arrival.token;
        } catch (error) {
          if (asked === signIn || closed !== undefined) throw error;
        }
      }
    },
    forget,
    forgetOne(request, user) {
      era++;
      memory.remove(placeOf(request, user, isHome));
    },
    supersede,
    close(reason) {
      closed = reason;
      flights.abort(reason);
      forget();
    },
  };
}
