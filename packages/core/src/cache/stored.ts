import { markBackground } from "../contract/background.ts";
import { outcomeError, workDone } from "../contract/errors.ts";
import type { Clock } from "../contract/services.ts";
import type { TokenStore } from "../contract/store.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";

/** A stored token this close to its end is not worth serving. */
const leastLife = 60_000;
/** How long one process may keep others from acquiring the same token, how long those wait for it, and how often they look. */
const lease = { ms: 30_000, wait: 15_000, look: 100 };
/** How long a store may take to answer, and how long one that did not, or did not open, is passed over. */
const patience = { ms: 5_000, rest: 30_000 };
/** A token stored "in the future" by more than this was stored under another clock. */
const clockTolerance = 300_000;

export interface StoredSettings {
  readonly clock: Clock;
  /** `undefined`: tokens live in memory alone. */
  readonly store: () => Promise<TokenStore | undefined>;
  /** Names the entry of a request, once it is answered that of the answer; `undefined`: whose token it is cannot be told. */
  readonly keyOf: (request: TokenRequest, issued?: IssuedToken) => Promise<string | undefined>;
  readonly acquire: (request: TokenRequest) => Promise<IssuedToken>;
  /** Whether a stored token may be used here (`expect`). One that may not is no failure of the store. */
  readonly mayServe: (token: IssuedToken) => boolean;
  readonly onStoreFailed: (operation: string, error: unknown) => void;
  /** Told when an operation went well. */
  readonly onStoreWorked?: (operation: string) => void;
}

function encode(token: IssuedToken, now: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: 1, storedAt: now, ...token }));
}

function decode(bytes: Uint8Array, now: number): IssuedToken | undefined {
  const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<IssuedToken> & {
    version?: unknown;
    storedAt?: unknown;
  };
  const { version, storedAt, token, expiresOnTimestamp, refreshAfterTimestamp, tokenType, principal, account } = value;
  if (version !== 1 || typeof token !== "string" || typeof expiresOnTimestamp !== "number" || tokenType !== "Bearer")
    return undefined;
  if (refreshAfterTimestamp !== undefined && typeof refreshAfterTimestamp !== "number") return undefined;
  if (typeof storedAt !== "number" || storedAt > now + clockTolerance || expiresOnTimestamp - now < leastLife)
    return undefined;
  return { token, expiresOnTimestamp, refreshAfterTimestamp, tokenType, principal, account };
}

/** Asks the store before the source, and tells it what the source said. A store that fails costs nobody a token. */
export function createStoredAcquire(settings: StoredSettings): (request: TokenRequest) => Promise<IssuedToken> {
  const { clock, acquire, onStoreFailed } = settings;

  let restsUntil = 0; // monotonic milliseconds

  const guarded = async <T>(
    operation: string,
    request: TokenRequest,
    run: () => Promise<T>,
  ): Promise<T | undefined> => {
    if (clock.monotonic() < restsUntil) return undefined;
    const rest = () => {
      restsUntil = clock.monotonic() + patience.rest;
    };
    const finished = new AbortController();
    if (request.background) markBackground(finished.signal);
    const late = clock.sleep(patience.ms, finished.signal).then(() => {
      rest();
      throw outcomeError("timeout", `no answer within ${patience.ms / 1000} s`);
    });
    late.catch(() => undefined);
    try {
      const result = await Promise.race([run(), late]);
      settings.onStoreWorked?.(operation);
      return result;
    } catch (error) {
      if (operation === "open") rest();
      onStoreFailed(operation, error);
      return undefined;
    } finally {
      finished.abort(workDone);
    }
  };

  /** The stored token, if it may be used; for a refresh only when it is newer than what is being refreshed. */
  const read = (store: TokenStore, key: string, request: TokenRequest): Promise<IssuedToken | undefined> =>
    guarded("get", request, async () => {
      const bytes = await store.get(key);
      const token = bytes === undefined ? undefined : decode(bytes, clock.now());
      if (token === undefined || !settings.mayServe(token)) return undefined;
      const due = (token.refreshAfterTimestamp ?? token.expiresOnTimestamp - 300_000) <= clock.now();
      return request.background && due ? undefined : token;
    });

  const acquireAndStore = async (
    store: TokenStore,
    key: string | undefined,
    request: TokenRequest,
  ): Promise<IssuedToken> => {
    const token = await acquire(request);
    await guarded("set", request, async () => {
      const own = await settings.keyOf(request, token);
      // a token that does not say whose it is: somebody else has signed in to the tool meanwhile
      if (own === undefined || (own !== key && token.account === undefined)) return;
      await store.set(own, encode(token, clock.now()), token.expiresOnTimestamp);
    });
    return token;
  };

  /** Waits for whoever holds the lease, and looks for what they bring. */
  const awaitOther = async (
    store: TokenStore,
    key: string,
    request: TokenRequest,
  ): Promise<IssuedToken | undefined> => {
    const until = clock.monotonic() + lease.wait;
    while (clock.monotonic() < until) {
      await clock.sleep(lease.look, request.signal);
      const token = await read(store, key, request);
      if (token !== undefined) return token;
      const mine = await guarded("lease", request, async () => store.lease?.(key, lease.ms));
      if (mine !== undefined) return acquireLeased(mine, store, key, request);
    }
    return undefined;
  };

  const acquireLeased = async (
    held: AsyncDisposable,
    store: TokenStore,
    key: string,
    request: TokenRequest,
  ): Promise<IssuedToken> => {
    try {
      return (await read(store, key, request)) ?? (await acquireAndStore(store, key, request));
    } finally {
      await guarded("lease", request, async () => held[Symbol.asyncDispose]());
    }
  };

  return async (request) => {
    const store = await guarded("open", request, settings.store);
    if (store === undefined || request.proofOfPossession !== undefined) return acquire(request);
    const key = await settings.keyOf(request);
    if (key === undefined) return acquireAndStore(store, key, request);
    if (request.claims !== undefined) {
      await guarded("delete", request, () => store.delete(key)); // refused: nobody else is to be served it
      return acquireAndStore(store, key, request);
    }
    const stored = await read(store, key, request);
    if (stored !== undefined) return stored;
    if (store.lease === undefined) return acquireAndStore(store, key, request);
    const held = await guarded("lease", request, async () => ({ lease: await store.lease?.(key, lease.ms) }));
    if (held === undefined) return acquireAndStore(store, key, request);
    if (held.lease !== undefined) return acquireLeased(held.lease, store, key, request);
    return (await awaitOther(store, key, request)) ?? acquireAndStore(store, key, request);
  };
}
