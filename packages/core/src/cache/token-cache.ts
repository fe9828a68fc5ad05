import { callerAborted } from "../contract/abort-reasons.ts";
import { isIntact } from "../contract/access-token.ts";
import type { Clock } from "../contract/services.ts";
import type {
  AbortSignalLike,
  AccessToken,
  GetTokenOptions,
  IssuedToken,
  NormalizedRequest,
  TokenRequest,
} from "../contract/token.ts";
import { createAcquire } from "./acquisition.ts";
import type { Budget } from "./budget.ts";
import type { Entry } from "./entry.ts";
import { createFlights } from "./flights.ts";
import { createFreshness } from "./freshness.ts";
import { createMemory, mayHit, type Place, scopeText } from "./memory.ts";
import { createRefreshes } from "./refreshes.ts";
import { type Arrival, createSignIns, superseded } from "./sign-ins.ts";
import { createThrottle } from "./throttle.ts";

/** What was decided about a request when its acquisition began. */
export interface Resolved {
  /** `undefined`: the source's own. */
  readonly tenantId: string | undefined;
}

export interface CacheSettings<R extends Resolved = Resolved> {
  readonly clock: Clock;
  readonly budget: Budget;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** Whether a tenant is the source's own, as far as that was known when the tokens in memory were acquired. */
  readonly isHome: (tenantId: string) => boolean;
  /** Decides what a request means now; throws when the source's options are wrong. */
  readonly resolve: (request: NormalizedRequest) => R;
  /** Whether a token is kept for the next caller; those who wait at the same time share it anyway. */
  readonly remembers: boolean;
  /** For tools whose account can change under us; `undefined`: it cannot be told at the moment. */
  readonly accountState: (() => string | undefined) | undefined;
  /** One acquisition, nothing shared. */
  readonly acquire: (request: TokenRequest & R) => Promise<IssuedToken>;
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
  /**
   * The source's options speak for another principal now: forgets all tokens, and no later caller
   * joins what is under way for the one before.
   */
  changePrincipal(): void;
  /** Somebody else may have signed in: forgets all tokens; what is under way is asked again, for whoever it is. */
  supersede(): void;
  /** Ends all flights with `reason` and forgets all tokens. */
  close(reason: Error): void;
}

/** What of a request says where its token lies. */
type Asked = Pick<NormalizedRequest, "tenantId" | "scopes" | "enableCae">;

function placeOf(request: Asked, user: string | undefined, tenant: string | undefined): Place {
  return { tenant, user, scope: request.scopes.join(" "), cae: request.enableCae };
}

/** Everything that makes the answer of a flight different. */
function flightKey(request: NormalizedRequest, place: Place, account: string | undefined): string {
  const { tenant, user, scope, cae } = place;
  return JSON.stringify([tenant, user, scope, cae, account, request.claims, request.proofOfPossession]);
}

export function createTokenCache<R extends Resolved>(settings: CacheSettings<R>): TokenCache {
  const { clock, random, accountState, isHome } = settings;
  const memory = createMemory(settings.budget);
  const throttle = createThrottle(clock);
  const { timesOf, isFresh, lifeLeft } = createFreshness(clock, random);
  const flights = createFlights<Arrival>();
  const refreshes = createRefreshes<Arrival>({ ...settings, throttle, lifeLeft });
  let closed: Error | undefined;
  let generation = 0;

  const signIns = createSignIns(() => {
    memory.clear();
    const reason = closed ?? superseded;
    flights.abort(reason);
    refreshes.abort(reason);
  });

  const isSameAccount = (entry: Entry) => {
    if (accountState === undefined) return true;
    const now = accountState();
    return now !== undefined && now === entry.account;
  };

  const acquire = createAcquire<R>({ ...settings, memory, throttle, signIns, timesOf, generation: () => generation });
  const tenantOf = ({ tenantId }: Asked) => (tenantId === undefined || isHome(tenantId) ? undefined : tenantId);

  /** What the request means now, or why that cannot be told: a token in memory outlives options that cannot be read. */
  const tryResolve = (request: NormalizedRequest): { readonly resolved: R } | { readonly error: unknown } => {
    try {
      return { resolved: settings.resolve(request) };
    } catch (error) {
      return { error };
    }
  };

  const fromMemory = (
    entry: Entry,
    request: NormalizedRequest,
    place: Place,
    signal: AbortSignalLike | undefined,
    start: (own: AbortSignal) => Promise<Arrival>,
  ): Arrival | Promise<Arrival> => {
    const old = { token: entry.token, signIn: signIns.current };
    entry.used = true;
    if (isFresh(entry)) return old;
    const due = {
      entry,
      old,
      tenant: place.tenant,
      key: flightKey(request, place, entry.account),
      refresh: start,
    };
    return refreshes.serve(due, signal);
  };

  const ask = (request: NormalizedRequest, signal: AbortSignalLike | undefined, user: string | undefined) => {
    if (closed !== undefined) throw closed;
    if (signal?.aborted) throw callerAborted();
    const meant = tryResolve(request);
    const place = placeOf(request, user, "resolved" in meant ? meant.resolved.tenantId : tenantOf(request));
    const start = async (background: boolean, own: AbortSignal) => {
      if ("error" in meant) throw meant.error;
      return acquire({ ...request, ...meant.resolved }, place, background, own);
    };
    if (request.claims === undefined && request.proofOfPossession === undefined) {
      const entry = memory.at(place.tenant, user, place.scope, place.cae);
      if (entry !== undefined && lifeLeft(entry) > 0 && isSameAccount(entry))
        return fromMemory(entry, request, place, signal, (own) => start(true, own));
    }
    if ("error" in meant) throw meant.error;
    throttle.check(place.tenant);
    return flights.join(flightKey(request, place, accountState?.()), signal, (own) => start(false, own));
  };

  return {
    peek(scopes, options, user) {
      let tenant: string | undefined;
      let cae = false;
      if (options !== undefined) {
        if (!mayHit(options)) return undefined;
        cae = options.enableCae === true;
        if (options.tenantId !== undefined && !isHome(options.tenantId)) tenant = options.tenantId;
      }
      const entry = memory.at(tenant, user, scopeText(scopes), cae);
      if (entry === undefined || !isFresh(entry) || !isSameAccount(entry)) return undefined;
      entry.used = true;
      if (!isIntact(entry.answer)) entry.answer = Promise.resolve(entry.token);
      return entry.answer;
    },
    getToken: (request, signal, user) => signIns.settled(() => ask(request, signal, user)),
    forget: memory.clear,
    forgetOne: (request, user) => memory.remove(placeOf(request, user, tenantOf(request))),
    changePrincipal() {
      generation++;
      memory.clear();
      throttle.clearAll();
      flights.release();
      refreshes.release();
      signIns.restart();
    },
    supersede: signIns.change,
    close(reason) {
      closed = reason;
      signIns.change(); // nobody is served any more what was asked for before
    },
  };
}
