import type { Next } from "../async/compose.ts";
import { refreshBeforeMs } from "../cache/freshness.ts";
import type { TokenStore } from "../contract/services.ts";
import type { Clock } from "../contract/system-services.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import { isKeepable } from "../token/access-token.ts";
import { decodeToken, encodeToken } from "./stored-token.ts";

/** How long one process may keep others from acquiring the same token, milliseconds. */
const leaseMs = 30_000;
/** How long a process waits for the token of another one, and how often it looks, milliseconds. */
const awaitMs = 15_000;
const lookMs = 100;

/** How one link uses the token store. */
export interface StoreAccess<R extends TokenRequest> {
  readonly clock: Clock;
  /** `undefined`: tokens live in memory only. */
  readonly open: (request: R) => Promise<TokenStore | undefined>;
  /** Does something with the store, in time; `undefined` when that fails. */
  readonly attempt: <T>(operation: string, request: TokenRequest, run: () => Promise<T>) => Promise<T | undefined>;
  /**
   * The key of a request, or of its answer once that is there; `undefined`: the principal is
   * unknown.
   */
  readonly keyOf: (request: R, issued?: IssuedToken) => Promise<string | undefined>;
  /**
   * Whether a stored token may be used here (`expect`). One that may not be used is not a failure
   * of the store.
   */
  readonly mayServe: (token: IssuedToken) => boolean;
}

/** One request and the entry of the store that answers it. */
interface Lookup<R extends TokenRequest> {
  readonly access: StoreAccess<R>;
  readonly store: TokenStore;
  readonly key: string;
  readonly request: R;
  readonly acquire: () => Promise<IssuedToken>;
}

/**
 * The stored token, if it may be used; for a refresh only when it is newer than what is being
 * refreshed.
 */
function readStored<R extends TokenRequest>({ access, store, key, request }: Lookup<R>) {
  return access.attempt("get", request, async () => {
    const now = access.clock.now();
    const bytes = await store.get(key);
    const token = bytes === undefined ? undefined : decodeToken(key, bytes, now);
    if (token === undefined || !access.mayServe(token)) return undefined;
    const isDue = (token.refreshAfterTimestamp ?? token.expiresOnTimestamp - refreshBeforeMs) <= now;
    return request.background && isDue ? undefined : token;
  });
}

/** Acquires a token and stores it under the key of its actual principal. */
async function acquireAndStore<R extends TokenRequest>(
  lookup: Omit<Lookup<R>, "key"> & { readonly key: string | undefined },
): Promise<IssuedToken> {
  const { access, store, request } = lookup;
  const token = await lookup.acquire();
  if (!isKeepable(token, access.clock.now())) return token;
  await access.attempt("set", request, async () => {
    const key = await access.keyOf(request, token);
    // another account signed in to the tool meanwhile, and the token does not name its account
    if (key === undefined || (key !== lookup.key && token.account === undefined)) return;
    await store.set(key, encodeToken(key, token, access.clock.now()), token.expiresOnTimestamp);
  });
  return token;
}

/** Runs work with a lease, and releases it. */
async function underLease<R extends TokenRequest>(
  { access, request }: Lookup<R>,
  lease: AsyncDisposable | undefined,
  work: () => Promise<IssuedToken>,
): Promise<IssuedToken> {
  try {
    return await work();
  } finally {
    if (lease !== undefined) await access.attempt("lease", request, async () => lease[Symbol.asyncDispose]());
  }
}

const takeLease = <R extends TokenRequest>({ access, store, key, request }: Lookup<R>) =>
  access.attempt("lease", request, async () => ({ lease: await store.lease?.(key, leaseMs) }));

/** Looks once more, because the lease may have been another process's until now. */
const acquireLeased = <R extends TokenRequest>(lookup: Lookup<R>, lease: AsyncDisposable) =>
  underLease(lookup, lease, async () => (await readStored(lookup)) ?? (await acquireAndStore(lookup)));

/** Waits for the token that the holder of the lease is acquiring; `undefined`: it does not come. */
async function awaitHolder<R extends TokenRequest>(lookup: Lookup<R>): Promise<IssuedToken | undefined> {
  const { clock } = lookup.access;
  const untilMono = clock.monotonic() + awaitMs; // a slow store makes each look longer
  while (clock.monotonic() < untilMono) {
    await clock.sleep(lookMs, lookup.request.signal);
    const token = await readStored(lookup);
    if (token !== undefined) return token;
    const taken = await takeLease(lookup);
    if (taken === undefined) return undefined; // the store does not work
    if (taken.lease !== undefined) return acquireLeased(lookup, taken.lease);
  }
  return undefined;
}

/** A refused token is deleted before its successor is acquired, so that no process is served it. */
async function replaceRefused<R extends TokenRequest>(lookup: Lookup<R>): Promise<IssuedToken> {
  const { access, store, key, request } = lookup;
  const taken = await takeLease(lookup); // other processes wait for the successor
  await access.attempt("delete", request, () => store.delete(key));
  return underLease(lookup, taken?.lease, () => acquireAndStore(lookup));
}

async function readOrAcquire<R extends TokenRequest>(lookup: Lookup<R>): Promise<IssuedToken> {
  const stored = await readStored(lookup);
  if (stored !== undefined) return stored;
  const taken = lookup.store.lease === undefined ? undefined : await takeLease(lookup);
  if (taken === undefined) return acquireAndStore(lookup);
  if (taken.lease !== undefined) return acquireLeased(lookup, taken.lease);
  return (await awaitHolder(lookup)) ?? acquireAndStore(lookup);
}

/** What may use the store. */
export interface Storing<R extends TokenRequest> {
  /** `undefined`: its tokens are not stored. */
  readonly storeAccess: StoreAccess<R> | undefined;
}

/**
 * Reads the store before the source is called, and stores the token of the source. A store
 * that fails never fails a caller.
 */
export async function throughStore<R extends TokenRequest>(
  { storeAccess: access }: Storing<R>,
  request: R,
  next: Next<R, IssuedToken>,
): Promise<IssuedToken> {
  const store = await access?.open(request);
  if (access === undefined || store === undefined || request.proofOfPossession !== undefined) return next(request);
  const key = await access.keyOf(request);
  const acquire = () => next(request);
  if (key === undefined) return acquireAndStore({ access, store, key, request, acquire });
  const lookup: Lookup<R> = { access, store, key, request, acquire };
  return request.claims === undefined ? readOrAcquire(lookup) : replaceRefused(lookup);
}
