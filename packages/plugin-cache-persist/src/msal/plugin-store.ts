import { type Clock, redact, type SourceContext, type TokenStore } from "@azidentity/core/plugin";
import { type MsalCachePlugin, openPluginCache } from "./plugin-cache.ts";
import { shareUsers } from "./share-users.ts";
import type { SharedCache } from "./shared-cache.ts";

/** Options of the store `msal-plugin`. */
export interface MsalPluginOptions {
  /**
   * Make the plugins, one for each cache. Users in any of them are known; those who sign in are
   * written to all.
   */
  readonly plugins: readonly (() => Promise<MsalCachePlugin>)[];
}

/** Values that a plugin of MSAL has no place for, such as tokens of applications: they live in memory. */
function createMemoryStore(clock: Clock): TokenStore {
  const entries = new Map<string, { readonly value: Uint8Array; readonly expiresOnTimestamp: number | undefined }>();
  const get = async (key: string) => {
    const { value, expiresOnTimestamp = Number.POSITIVE_INFINITY } = entries.get(key) ?? {};
    return expiresOnTimestamp > clock.now() ? value : undefined;
  };
  const set = async (key: string, value: Uint8Array, expiresOnTimestamp?: number) =>
    void entries.set(key, { value, expiresOnTimestamp });
  return {
    scope: "user",
    get,
    set,
    delete: async (key) => void entries.delete(key),
    async update(key, change) {
      const value = await change(await get(key));
      if (value === undefined) entries.delete(key);
      else await set(key, value);
    },
  };
}

/** Several caches as one: read one after another, changed all. */
function together(caches: readonly SharedCache[]): SharedCache {
  return {
    async read() {
      const all = await Promise.all(caches.map((cache) => cache.read()));
      const sections = ["Account", "RefreshToken"] as const;
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
  return shareUsers(createMemoryStore(clock), {
    clock,
    open: async () => together(plugins.map(openPluginCache)),
    onFailed(error) {
      if (!isReported)
        log.warn(`The cache plugin failed, so sign-ins are not kept: ${redact((error as Error).message, 256)}`);
      isReported = true;
    },
  });
}
