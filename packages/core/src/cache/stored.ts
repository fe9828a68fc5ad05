import type { Clock } from "../contract/services.ts";
import type { TokenStore } from "../contract/store.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import { refreshBefore } from "./freshness.ts";
import { decodeToken, encodeToken } from "./stored-token.ts";

/** How long one process may keep others from acquiring the same token, how long those wait for it, and how often they look. */
const lease = { ms: 30_000, wait: 15_000, look: 100 };

export interface StoredSettings<R extends TokenRequest = TokenRequest> {
  readonly clock: Clock;
  /** `undefined`: tokens live in memory alone. */
  readonly open: (request: R) => Promise<TokenStore | undefined>;
  /** Does something with the store, in time; `undefined` when that fails. */
  readonly attempt: <T>(operation: string, request: TokenRequest, run: () => Promise<T>) => Promise<T | undefined>;
  /** Names the entry of a request, once it is answered that of the answer; `undefined`: whose token it is cannot be told. */
  readonly keyOf: (request: R, issued?: IssuedToken) => Promise<string | undefined>;
  readonly acquire: (request: R) => Promise<IssuedToken>;
  /** Whether a stored token may be used here (`expect`). One that may not is no failure of the store. */
  readonly mayServe: (token: IssuedToken) => boolean;
}

/** Asks the store before the source, and tells it what the source said. A store that fails costs nobody a token. */
export function createStoredAcquire<R extends TokenRequest>(
  settings: StoredSettings<R>,
): (request: R) => Promise<IssuedToken> {
  const { clock, acquire, attempt } = settings;

  /** The stored token, if it may be used; for a refresh only when it is newer than what is being refreshed. */
  const read = (store: TokenStore, key: string, request: TokenRequest): Promise<IssuedToken | undefined> =>
    attempt("get", request, async () => {
      const bytes = await store.get(key);
      const token = bytes === undefined ? undefined : decodeToken(key, bytes, clock.now());
      if (token === undefined || !settings.mayServe(token)) return undefined;
      const due = (token.refreshAfterTimestamp ?? token.expiresOnTimestamp - refreshBefore) <= clock.now();
      return request.background && due ? undefined : token;
    });

  const acquireAndStore = async (store: TokenStore, key: string | undefined, request: R): Promise<IssuedToken> => {
    const token = await acquire(request);
    await attempt("set", request, async () => {
      const own = await settings.keyOf(request, token);
      // a token that does not say whose it is: somebody else has signed in to the tool meanwhile
      if (own === undefined || (own !== key && token.account === undefined)) return;
      await store.set(own, encodeToken(own, token, clock.now()), token.expiresOnTimestamp);
    });
    return token;
  };

  /** Does the work for which a lease is held, and gives the lease back. */
  const releasing = async <T>(held: AsyncDisposable | undefined, request: TokenRequest, work: () => Promise<T>) => {
    try {
      return await work();
    } finally {
      if (held !== undefined) await attempt("lease", request, async () => held[Symbol.asyncDispose]());
    }
  };

  /** Waits for whoever holds the lease, and looks for what they bring. */
  const awaitOther = async (store: TokenStore, key: string, request: R): Promise<IssuedToken | undefined> => {
    const until = clock.monotonic() + lease.wait; // a slow store makes each look longer
    while (clock.monotonic() < until) {
      await clock.sleep(lease.look, request.signal);
      const token = await read(store, key, request);
      if (token !== undefined) return token;
      const mine = await attempt("lease", request, async () => ({ lease: await store.lease?.(key, lease.ms) }));
      if (mine === undefined) return undefined; // a store that does not work brings nothing
      if (mine.lease !== undefined) return acquireLeased(mine.lease, store, key, request);
    }
    return undefined;
  };

  const acquireLeased = (held: AsyncDisposable, store: TokenStore, key: string, request: R) =>
    releasing(
      held,
      request,
      async (): Promise<IssuedToken> =>
        (await read(store, key, request)) ?? (await acquireAndStore(store, key, request)),
    );

  return async (request) => {
    const store = await settings.open(request);
    if (store === undefined || request.proofOfPossession !== undefined) return acquire(request);
    const key = await settings.keyOf(request);
    if (key === undefined) return acquireAndStore(store, key, request);
    if (request.claims !== undefined) {
      const held = await attempt("lease", request, async () => store.lease?.(key, lease.ms)); // who hears of it waits for its successor
      await attempt("delete", request, () => store.delete(key)); // refused: nobody else is to be served it
      return releasing(held, request, () => acquireAndStore(store, key, request));
    }
    const stored = await read(store, key, request);
    if (stored !== undefined) return stored;
    if (store.lease === undefined) return acquireAndStore(store, key, request);
    const held = await attempt("lease", request, async () => ({ lease: await store.lease?.(key, lease.ms) }));
    if (held === undefined) return acquireAndStore(store, key, request);
    if (held.lease !== undefined) return acquireLeased(held.lease, store, key, request);
    return (await awaitOther(store, key, request)) ?? acquireAndStore(store, key, request);
  };
}
