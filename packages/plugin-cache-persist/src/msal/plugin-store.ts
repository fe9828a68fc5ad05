import { type Clock, readUserPartitionKey, redact, type SourceContext, type TokenStore } from "@azidentity/core/plugin";
import { type MsalCachePlugin, openPluginCache } from "./plugin-cache.ts";
import { shareUsers } from "./share-users.ts";
import type { SharedCache } from "./shared-cache.ts";
import type { UnifiedCache } from "./unified-cache.ts";

/** Options of the store `msal-plugin`. */
export interface MsalPluginOptions {
  /**
   * Make the plugins, one for each cache. Users in any of them are known; those who sign in are
   * written to all.
   */
  readonly plugins: readonly (() => Promise<MsalCachePlugin>)[];
}

/** A value, and when it may be dropped. */
interface Entry {
  /** Base64. */
  readonly value: string;
  readonly expiresOnTimestamp?: number | undefined;
}

/**
 * The section of the cache with the tokens of applications and tools, which MSAL keeps as it is.
 */
const section = "azidentity";

const entriesOf = (cache: UnifiedCache): Readonly<Record<string, Entry>> => Object(cache[section]);
const isCurrent = ({ expiresOnTimestamp = Number.POSITIVE_INFINITY }: Entry, now: number) => expiresOnTimestamp > now;

/** The entries in the cache, or in memory while it does not work. */
interface Entries {
  read(): Promise<Readonly<Record<string, Entry>>>;
  change(change: (entries: Readonly<Record<string, Entry>>) => Readonly<Record<string, Entry>>): Promise<void>;
}

function createStore({ now }: Clock, { read, change }: Entries): TokenStore {
  const get = async (key: string) => {
    const entry = (await read())[key];
    return entry !== undefined && isCurrent(entry, now())
      ? new Uint8Array(Buffer.from(entry.value, "base64"))
      : undefined;
  };
  const replace = (key: string, entry: Entry | undefined) =>
    change((entries) => {
      const kept = Object.entries(entries).filter(([name, one]) => name !== key && isCurrent(one, now()));
      return Object.fromEntries(entry === undefined ? kept : [...kept, [key, entry]]);
    });
  const set = (key: string, value: Uint8Array, expiresOnTimestamp?: number) =>
    replace(key, { value: Buffer.from(value).toString("base64"), expiresOnTimestamp });
  return {
    scope: "user",
    get,
    set,
    delete: (key) => replace(key, undefined),
    async update(key, update) {
      const value = await update(await get(key));
      return value === undefined ? replace(key, undefined) : set(key, value);
    },
  };
}

/** Entries in memory, for users: what of them is kept has a place in MSAL's format. */
function memoryEntries(): Entries {
  let entries: Readonly<Record<string, Entry>> = {};
  return {
    read: async () => entries,
    async change(change) {
      entries = change(entries);
    },
  };
}

const cacheEntries = (cache: SharedCache): Entries => ({
  read: async () => entriesOf(await cache.read()),
  change: (change) => cache.change((before) => ({ ...before, [section]: change(entriesOf(before)) })),
});

/** Tokens go to one store, users to another. */
function byKind(tokens: TokenStore, users: TokenStore): TokenStore {
  const of = (key: string) => (readUserPartitionKey(key) === undefined ? tokens : users);
  return {
    scope: "user",
    get: (key) => of(key).get(key),
    set: (key, value, expiresOnTimestamp) => of(key).set(key, value, expiresOnTimestamp),
    delete: (key) => of(key).delete(key),
    update: (key, change) => of(key).update(key, change),
  };
}

/** Several caches as one: read one after another, changed all. */
function together(caches: readonly SharedCache[]): SharedCache {
  return {
    async read() {
      const all = await Promise.all(caches.map((cache) => cache.read()));
      const sections = ["Account", "RefreshToken", section];
      return Object.fromEntries(
        sections.map((name) => [name, Object.assign({}, ...all.map((cache) => Object(cache[name])).reverse())]),
      );
    },
    async change(change) {
      for (const cache of caches) await cache.change(change);
    },
  };
}

/**
 * A store over the cache plugins of MSAL, so that users who signed in with another program that has
 * the same plugin need not sign in again. While a plugin does not work, its users have to.
 */
export function openMsalPluginStore(
  { plugins }: MsalPluginOptions,
  { clock, log }: Pick<SourceContext, "clock" | "log">,
): TokenStore {
  let isReported = false;
  const cache = together(plugins.map(openPluginCache));
  const store = byKind(createStore(clock, cacheEntries(cache)), createStore(clock, memoryEntries()));
  return shareUsers(store, {
    clock,
    open: async () => cache,
    onFailed(error) {
      if (!isReported)
        log.warn(
          `The cache plugin failed, so sign-ins are not kept: ${redact((error as Error).message, 256)}. If a keyring is locked, unlock it: users sign in again until then.`,
        );
      isReported = true;
    },
  });
}
