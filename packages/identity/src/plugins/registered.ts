import type { TokenCachePersistenceOptions } from "../types/options.ts";

/** A cache plugin of MSAL (`ICachePlugin`), as far as this package knows it. */
export interface CachePlugin {
  beforeCacheAccess(context: unknown): Promise<void>;
  afterCacheAccess(context: unknown): Promise<void>;
}

/** Makes the cache plugin of a name. */
export type CacheFactory = (options?: TokenCachePersistenceOptions) => Promise<CachePlugin>;

/** What plugins of the program have set, for all credentials that are made afterwards. */
export const registered: { cache: CacheFactory | undefined } = { cache: undefined };

/** Default of `tokenCachePersistenceOptions.name`. */
const defaultName = "msal.cache";

/**
 * The caches of a credential: without a name of its own two, for tokens with and without Continuous
 * Access Evaluation, as `@azure/identity` has them.
 */
export function pluginCaches(
  factory: CacheFactory,
  options: TokenCachePersistenceOptions,
): (() => Promise<CachePlugin>)[] {
  const names = options.name ? [options.name] : [`${defaultName}.cae`, `${defaultName}.nocae`];
  return names.map((name) => () => factory({ ...options, name }));
}
