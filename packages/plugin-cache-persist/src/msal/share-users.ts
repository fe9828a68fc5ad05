import {
  type Clock,
  outcomeError,
  readUserPartitionKey,
  type StoredUser,
  type TokenStore,
  type UserPartition,
  withinTime,
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

/** Milliseconds that the shared cache may take, with its lock and a keyring that may want to ask a person; and for which it then rests. */
const patience = { ms: 3_000, rest: 300_000 };

export interface SharingSettings {
  readonly clock: Clock;
  readonly open: () => Promise<SharedCache>;
  readonly onFailed: (error: unknown) => void;
}

/**
 * A store in which users are found, too, who have signed in by other tools, and which leaves those there who sign in by us. Whatever is
 * wrong with the shared cache, ours goes on alone.
 */
export function shareUsers(store: TokenStore, { clock, open, onFailed }: SharingSettings): TokenStore {
  let opened: Promise<SharedCache> | undefined;
  let restsUntil = 0; // monotonic milliseconds
  const late = () => outcomeError("timeout", `no answer within ${patience.ms / 1000} s`);
  const shared = async <T>(work: (cache: SharedCache) => Promise<T>): Promise<T | undefined> => {
    if (clock.monotonic() < restsUntil) return undefined;
    try {
      opened ??= open();
      const cache = opened;
      return await withinTime({ clock, ms: patience.ms, late }, new AbortController().signal, async () =>
        work(await cache),
      );
    } catch (error) {
      opened = undefined;
      restsUntil = clock.monotonic() + patience.rest;
      onFailed(error);
      return undefined;
    }
  };
  const usersIn = async (application: UserPartition): Promise<readonly StoredUser[]> =>
    usersOf((await shared((cache) => cache.read())) ?? {}, application);
  const sharedUser = async (user: User) =>
    (await usersIn(user)).find(({ record }) => record.homeAccountId === user.homeAccountId);

  const listOfAll = async (application: UserPartition, own: unknown): Promise<Uint8Array | undefined> => {
    const known = Array.isArray(own) ? own : [];
    const others = (await usersIn(application)).map(({ record }) => record);
    const news = others.filter(({ homeAccountId }) => known.every((one) => one?.homeAccountId !== homeAccountId));
    return known.length + news.length === 0 ? undefined : encode([...news, ...known]);
  };

  const follow = (user: User, before: unknown, after: unknown) => {
    const { refreshToken: old } = Object(before) as Partial<StoredUser>;
    const change = (cache: UnifiedCache) => {
      if (after !== undefined) return withUser(cache, user, after as StoredUser);
      return old === undefined ? cache : withoutRefreshToken(cache, user, old);
    };
    return shared((cache) => cache.change(change));
  };

  return {
    ...store,
    async get(key) {
      const own = await store.get(key);
      const partition = readUserPartitionKey(key);
      if (partition === undefined) return own;
      if (!isUser(partition)) return listOfAll(partition, decode(own));
      if (own !== undefined) return own;
      const user = await sharedUser(partition);
      return user && encode(user);
    },
    async update(key, change) {
      const partition = readUserPartitionKey(key);
      if (partition === undefined || !isUser(partition)) return store.update(key, change);
      let before: Uint8Array | undefined;
      let after: Uint8Array | undefined;
      await store.update(key, async (current) => {
        const theirs = current === undefined ? await sharedUser(partition) : undefined;
        before = theirs === undefined ? current : encode(theirs);
        after = await change(before);
        return after;
      });
      await follow(partition, decode(before), decode(after));
    },
  };
}
