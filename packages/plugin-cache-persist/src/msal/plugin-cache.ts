import { createSerialQueue } from "../serial-queue.ts";
import type { SharedCache } from "./shared-cache.ts";
import { parseUnifiedCache, type UnifiedCache } from "./unified-cache.ts";

/** What MSAL gives to a cache plugin. */
export interface MsalCacheContext {
  /** Whether the plugin has to write what `serialize` returns. */
  cacheHasChanged: boolean;
  /** The cache in memory. */
  readonly tokenCache: {
    /** The cache as JSON. */
    serialize(): string;
    /** Replaces the cache by one that was serialized. */
    deserialize(cache: string): void;
  };
}

/** A plugin that keeps a cache of MSAL somewhere, as `ICachePlugin` of `@azure/msal-node`. */
export interface MsalCachePlugin {
  /**
   * Reads what is kept, and may take a lock.
   *
   * @throws {Error} why it cannot be read
   */
  beforeCacheAccess(context: MsalCacheContext): Promise<void>;
  /**
   * Writes what has changed, and releases the lock.
   *
   * @throws {Error} why it cannot be written
   */
  afterCacheAccess(context: MsalCacheContext): Promise<void>;
}

/**
 * A cache that a plugin of MSAL keeps. One access at a time, because such plugins hold one lock.
 * Each access makes a plugin: one that has been used hands its cache over again only after it was
 * written elsewhere under the same name, and in a keyring several names can be one item.
 */
export function openPluginCache(open: () => Promise<MsalCachePlugin>): SharedCache {
  const queue = createSerialQueue();
  const access = (willChange: boolean, change: (cache: UnifiedCache) => UnifiedCache) =>
    queue("access", async () => {
      const { beforeCacheAccess, afterCacheAccess } = bound(await open());
      let cache: UnifiedCache | undefined = {};
      const context: MsalCacheContext = {
        cacheHasChanged: willChange,
        tokenCache: {
          serialize: () => JSON.stringify(cache),
          deserialize: (text) => {
            cache = parseUnifiedCache(text);
          },
        },
      };
      try {
        await beforeCacheAccess(context);
        if (cache === undefined) throw new Error("The cache that the plugin keeps is not one of MSAL.");
        const changed = change(cache);
        context.cacheHasChanged = changed !== cache;
        cache = changed;
        return changed;
      } catch (error) {
        context.cacheHasChanged = false;
        throw error;
      } finally {
        await afterCacheAccess(context);
      }
    });
  return {
    read: () => access(false, (cache) => cache),
    change: async (change) => void (await access(true, change)),
  };
}

const bound = (plugin: MsalCachePlugin): MsalCachePlugin => ({
  beforeCacheAccess: (context) => plugin.beforeCacheAccess(context),
  afterCacheAccess: (context) => plugin.afterCacheAccess(context),
});
