import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";
import type { IdentityConfig } from "./define.ts";

type Loose = Readonly<Record<string, unknown>>;

/** Keys whose members are merged one by one; other keys are replaced as a whole. */
const merged = ["sources", "chains", "http", "log", "cache", "expect", "policy", "profiles"] as const;

/** Merges configs; an earlier one takes precedence. Settings of one source are merged, too. */
export function layerConfigs(layers: readonly IdentityConfig[]): IdentityConfig {
  const result: Record<string, unknown> = {};
  for (const layer of [...layers].reverse()) {
    // it takes precedence over `cloud`, which it must not do from below
    if (layer.cloud !== undefined && layer.authorityHost === undefined) delete result.authorityHost;
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const below = result[key];
      const both = merged.some((name) => name === key) && below !== undefined;
      result[key] = both ? mergeMembers(key, below as Loose, value as Loose) : value;
    }
  }
  return result as IdentityConfig;
}

/** Settings of `cache` that belong to core; other keys are options of the store. */
export const cacheSettings: readonly string[] = ["store", "maxEntries", "maxBytes"];

/** Drops the options of a store when another one is chosen. */
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

/**
 * The chosen profile as a layer over its config; an empty layer when none is chosen.
 *
 * @throws {ConfigurationError} `unknown-profile`
 */
export function selectProfile(
  config: IdentityConfig,
  requested: string | undefined,
  file: string | undefined,
): IdentityConfig {
  const name = requested ?? config.profile;
  if (name === undefined) return {};
  const profiles: Readonly<Record<string, object>> = config.profiles ?? {};
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  throw new ConfigurationError(
    "unknown-profile",
    `There is no profile "${name}"${file === undefined ? "" : ` in ${file}`}.`,
    {
      file,
      path: "profiles",
      remedy: didYouMean(name, Object.keys(profiles)),
    },
  );
}
