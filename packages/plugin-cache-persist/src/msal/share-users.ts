import {
  type Clock,
  createCircuitBreaker,
  readUserPartitionKey,
  type StoredUser,
  type TokenStore,
  type UserPartition,
} from "@azidentity/core/plugin";
import type { SharedCache } from "./shared-cache.ts";
import { type UnifiedCache, usersOf, withoutRefreshToken, withUser } from "./unified-cache.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function decode(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

type User = UserPartition & { readonly homeAccountId: string };
const isUser = (partition: UserPartition): partition is User => partition.homeAccountId !== undefined;

/**
 * For one access to the shared cache: waiting for its lock, and for a keyring that may prompt the
 * user.
 */
const timeoutMs = 3_000;
/** How long the shared cache is not used after a failure. */
const cooldownMs = 300_000;

export interface SharingSettings {
  readonly clock: Clock;
  readonly open: () => Promise<SharedCache>;
  readonly onFailed: (error: unknown) => void;
}

/** The users in the shared cache. Nothing of it rejects: while it does not work, it has none. */
function createSharedUsers({ clock, open, onFailed }: SharingSettings) {
  let opened: Promise<SharedCache> | undefined;
  const breaker = createCircuitBreaker({ clock, timeoutMs, cooldownMs });
  const use = async <T>(work: (cache: SharedCache) => Promise<T>): Promise<T | undefined> => {
    if (breaker.isOpen) return undefined;
    try {
      opened ??= open();
      const cache = opened;
      return await breaker.run(async () => work(await cache));
    } catch (error) {
      opened = undefined;
      breaker.trip();
      onFailed(error);
      return undefined;
    }
  };
  const usersIn = async (application: UserPartition): Promise<readonly StoredUser[]> =>
    usersOf((await use((cache) => cache.read())) ?? {}, application);
  return {
    usersIn,
    find: async (user: User) => (await usersIn(user)).find(({ record }) => record.homeAccountId === user.homeAccountId),
    /** Repeats in the shared cache what changed in the store. */
    update(user: User, before: unknown, after: unknown) {
      const { refreshToken: old } = Object(before) as Partial<StoredUser>;
      const change = (cache: UnifiedCache) => {
        if (after !== undefined) return withUser(cache, user, after as StoredUser);
        return old === undefined ? cache : withoutRefreshToken(cache, user, old);
      };
      return use((cache) => cache.change(change));
    },
  };
}

/** The list of users in the store with those of other tools. */
function joinUsers(own: unknown, shared: readonly StoredUser[]): Uint8Array | undefined {
  const known = Array.isArray(own) ? own : [];
  const others = shared.map(({ record }) => record);
  const added = others.filter(({ homeAccountId }) => known.every((one) => one?.homeAccountId !== homeAccountId));
  return known.length + added.length === 0 ? undefined : encode([...added, ...known]);
}

/**
 * Adds to a store the users who signed in with other tools, and shares the users who sign in here
 * with those tools. If the shared cache does not work, the store works without it.
 */
export function shareUsers(store: TokenStore, settings: SharingSettings): TokenStore {
  const shared = createSharedUsers(settings);
  return {
    ...store,
    async get(key) {
      const own = await store.get(key);
      const partition = readUserPartitionKey(key);
      if (partition === undefined) return own;
      if (!isUser(partition)) return joinUsers(decode(own), await shared.usersIn(partition));
      if (own !== undefined) return own;
      const user = await shared.find(partition);
      return user && encode(user);
    },
    async update(key, change) {
      const partition = readUserPartitionKey(key);
      if (partition === undefined || !isUser(partition)) return store.update(key, change);
      let before: Uint8Array | undefined;
      let after: Uint8Array | undefined;
      await store.update(key, async (current) => {
        const existing = current === undefined ? await shared.find(partition) : undefined;
        before = existing === undefined ? current : encode(existing);
        after = await change(before);
        return after;
      });
      await shared.update(partition, decode(before), decode(after));
    },
  };
}
