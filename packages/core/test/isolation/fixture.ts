import type { ChainEntry, IdentityOptions, TokenCredentialLike } from "../../src/index.ts";
import type { IdentityPlugin } from "../../src/plugin.ts";
import { createForeign } from "./foreign.ts";
import type { Foreign, LinkMeaning, Options, Value } from "./model.ts";
import type { Bench } from "./sources.ts";
import type { ConfigSpec, EntrySpec, OptionsSpec, Setup, ValueSpec } from "./steps.ts";

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The one at a place; places beyond the end count on from the beginning. */
export const at = <T>(list: readonly T[], place: number): T => list[place % list.length] as T;

/** A config as its caller keeps it, and what stands in it. */
export interface LiveConfig {
  readonly spec: Mutable<ConfigSpec>;
  readonly config: Mutable<IdentityOptions>;
}

/** The objects that callers hand in, keep, and change whenever they like. */
export interface Fixture {
  readonly objects: readonly Options[];
  readonly foreigns: readonly { readonly own: Foreign; readonly object: TokenCredentialLike }[];
  readonly configs: readonly LiveConfig[];
  write(object: Options, field: keyof OptionsSpec, value: ValueSpec | undefined): void;
  configure(one: LiveConfig, change: Partial<ConfigSpec>): void;
  /** An entry of a chain, with the caller's own objects in it. */
  entryOf(spec: EntrySpec): ChainEntry;
  /** What the entry means at this moment. */
  meaningOf(process: string, spec: EntrySpec): LinkMeaning;
}

/** Equal for equal options, in whatever order they were written. */
const textOf = ({ extra, ...options }: Options) => JSON.stringify([Object.entries(options).sort(), extra]);

export function createFixture(bench: Bench, plugin: IdentityPlugin, setup: Setup): Fixture {
  const toValue = (spec: ValueSpec): Value => {
    if ("text" in spec) return spec.text;
    return "env" in spec ? { env: spec.env } : { file: bench.world.path(spec.file) };
  };
  const write: Fixture["write"] = (object, field, value) => {
    if (field === "profile") object.extra ??= {};
    const holder = (field === "profile" ? object.extra : object) as Record<string, Value>;
    if (value === undefined) delete holder[field];
    else holder[field] = toValue(value);
  };
  const objects = setup.objects.map((spec) => {
    const object: Options = {};
    for (const [field, value] of Object.entries(spec)) write(object, field as keyof OptionsSpec, value);
    return object;
  });
  const foreigns = setup.foreigns.map((spec, index) => {
    const own: Foreign = { id: `f${index}`, ...spec };
    return { own, object: createForeign(bench, own, spec.isPlain) };
  });
  const entryOf: Fixture["entryOf"] = (spec) => {
    if ("foreign" in spec) return at(foreigns, spec.foreign).object;
    return spec.object === undefined ? spec.source : { source: spec.source, options: at(objects, spec.object) };
  };

  const configure: Fixture["configure"] = ({ spec, config }, change) => {
    Object.assign(spec, change);
    if ("tenantId" in change) config.tenantId = change.tenantId && toValue(change.tenantId);
    if ("authority" in change) config.authorityHost = change.authority;
    if ("allowsAll" in change) config.additionallyAllowedTenants = change.allowsAll ? ["*"] : [];
    if ("settings" in change)
      config.sources = change.settings === undefined ? undefined : { checked: at(objects, change.settings) as object };
    if (change.chain !== undefined) {
      config.chain ??= [];
      (config.chain as ChainEntry[])[0] = entryOf(change.chain); // in the caller's own array
    }
  };
  const cache = { store: setup.stored ? "shared" : false, maxEntries: setup.maxEntries } as const;
  const configs = setup.configs.map((spec): LiveConfig => {
    const one = { spec: { ...spec }, config: { config: false as const, plugins: [plugin], cache } };
    configure(one, spec);
    return one;
  });

  return {
    objects,
    foreigns,
    configs,
    write,
    configure,
    entryOf,
    meaningOf(process, spec) {
      if ("foreign" in spec) {
        const { own } = at(foreigns, spec.foreign);
        return { key: `${process} foreign ${own.id}`, source: `foreign ${own.id}`, given: {}, foreign: own };
      }
      const given = spec.object === undefined ? {} : structuredClone(at(objects, spec.object));
      return { key: `${process} ${spec.source} ${textOf(given)}`, source: spec.source, given };
    },
  };
}
