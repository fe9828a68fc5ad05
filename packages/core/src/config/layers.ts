import type { IdentityConfig } from "./define.ts";

type Loose = Readonly<Record<string, unknown>>;

/** Keys whose members are merged one by one; others replace as a whole. */
const merged = ["sources", "chains", "http", "log", "cache", "expect", "policy", "profiles"] as const;

/** Puts configs over one another: what comes first wins. Settings of one source are merged too. */
export function layerConfigs(layers: readonly IdentityConfig[]): IdentityConfig {
  const result: Record<string, unknown> = {};
  for (const layer of [...layers].reverse()) {
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const below = result[key];
      const both = merged.some((name) => name === key) && below !== undefined;
      result[key] = both ? mergeMembers(key, below as Loose, value as Loose) : value;
    }
  }
  return result as IdentityConfig;
}

/** Settings of `cache` that are the core's, not options of the store. */
export const cacheSettings: readonly string[] = ["store", "maxEntries", "maxBytes"];

/** The options of one store mean nothing to another. */
function mergeCache(below: Loose, above: Loose): Loose {
  const other = above.store !== undefined && above.store !== below.store;
  const kept = Object.entries(below).filter(([key]) => !other || cacheSettings.includes(key));
  return { ...Object.fromEntries(kept), ...above };
}

function mergeMembers(key: string, below: Loose, above: Loose): Loose {
  if (key === "cache") return mergeCache(below, above);
  if (key !== "sources") return { ...below, ...above };
  const names = [...Object.keys(below), ...Object.keys(above)];
  return Object.fromEntries(names.map((name) => [name, { ...(below[name] as object), ...(above[name] as object) }]));
}
