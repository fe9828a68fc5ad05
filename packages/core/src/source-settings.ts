import type { IdentityConfig } from "./config/define.ts";
import type { ReadConfig } from "./config/read.ts";
import { inlineSecrets, type ReferenceScope, resolveReferences } from "./config/references.ts";
import { ConfigurationError, isIdentityError } from "./contract/errors.ts";
import type { AnyProvider, AnySource } from "./contract/plugin.ts";
import type { Registry } from "./plugins/registry.ts";
import { checkSomeOptions } from "./sources/check-options.ts";

type Options = Readonly<Record<string, unknown>>;

/** Settings of a source that are the core's, not its own options. */
const reserved = ["priority", "enabled", "deadlineMs"];

/** What a config says of single sources, under `sources` and in its chains. */
export interface SourceSettings {
  deadlineMs(source: string): number | undefined;
  /** The options of a source with those of its place in a chain over them, references still to be looked up. */
  options(source: string, given: object | undefined): Options;
  /** Looks references up, now. */
  resolve(options: unknown, path: string): unknown;
  /** Refuses unknown sources, wrong or unsafe options and secrets written into a file, whether they are used or not. */
  check(registry: Registry): void;
  /** The same for a token store, whose options stand under `cache`. `own`: those of a `cache` that are the store's. */
  checkStore(store: AnyProvider, own: (cache: object | undefined) => Options): void;
}

interface Placed {
  readonly source: string;
  readonly options: Options;
  readonly path: string;
}

function withoutReserved(settings: object | undefined): Options {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([key]) => !reserved.includes(key)));
}

/** All places of a config where options stand. */
function placesOf(config: Partial<IdentityConfig>, prefix = ""): Placed[] {
  const settings = Object.entries(config.sources ?? {}).map(([source, one]) => {
    return { source, options: withoutReserved(one), path: `${prefix}sources.${source}` };
  });
  const chains = [
    ["chain", config.chain] as const,
    ...Object.entries(config.chains ?? {}).map(([key, one]) => [`chains.${key}`, one] as const),
  ];
  const entries = chains.flatMap(([path, chain]) =>
    (chain ?? []).flatMap((entry, index) => {
      const { source, options } = Object(entry) as { source?: unknown; options?: Options };
      return typeof source === "string"
        ? [{ source, options: options ?? {}, path: `${prefix}${path}.${index}.options` }]
        : [];
    }),
  );
  const profiles = Object.entries(config.profiles ?? {}).flatMap(([name, one]) => placesOf(one, `profiles.${name}.`));
  return [...settings, ...entries, ...profiles];
}

function refuseInlineSecret({ options, path }: Placed, secrets: readonly string[], file: string): void {
  const name = inlineSecrets(options, secrets)[0];
  if (name === undefined) return;
  throw new ConfigurationError("inline-secret", `${path}.${name} in ${file} holds a secret.`, {
    file,
    path: `${path}.${name}`,
    remedy: 'Write a reference instead, like { "env": "NAME" } or { "file": "path" }, or set `allowInlineSecrets`.',
  });
}

export function createSourceSettings({ config, inFile, file }: ReadConfig, references: ReferenceScope): SourceSettings {
  const settingsOf = (source: string): Options => ({ ...config.sources?.[source] });
  const resolve = (options: unknown, path: string) => resolveReferences(options, references, path);

  /** Options as far as they can be known now: a reference whose target is missing may be there when it is needed. */
  const resolvable = (options: Options, path: string): Options =>
    Object.fromEntries(
      Object.entries(options).flatMap(([key, value]) => {
        try {
          return [[key, resolve(value, `${path}.${key}`)]];
        } catch (error) {
          if (isIdentityError(error) && error.code === "missing-reference") return [];
          throw error;
        }
      }),
    );

  const checkPlace = (owner: AnySource | AnyProvider, options: Options, path: string): void => {
    checkSomeOptions(owner, resolvable(options, path), path);
    const unsafe = owner.options?.unsafe?.find((name) => options[name] === true);
    if (unsafe === undefined || config.mode !== "production") return;
    throw new ConfigurationError("unsafe-option", `Mode "production" refuses \`${path}.${unsafe}\`.`, {
      path: `${path}.${unsafe}`,
      remedy: "Take it away, or use another mode.",
    });
  };

  return {
    deadlineMs: (source) => settingsOf(source).deadlineMs as number | undefined,
    options: (source, given) => ({ ...withoutReserved(settingsOf(source)), ...given }),
    resolve,
    check(registry) {
      for (const { source, options, path } of placesOf(config)) {
        checkPlace(registry.source(source, path), options, path);
      }
      if (file === undefined || config.allowInlineSecrets === true) return;
      for (const place of placesOf(inFile))
        refuseInlineSecret(place, registry.source(place.source).options?.secrets ?? [], file);
    },
    checkStore(store, own) {
      checkPlace(store, own(config.cache), "cache");
      if (file === undefined || config.allowInlineSecrets === true) return;
      for (const { cache } of [inFile, ...Object.values(inFile.profiles ?? {})])
        refuseInlineSecret(
          { source: store.name, options: own(cache), path: "cache" },
          store.options?.secrets ?? [],
          file,
        );
    },
  };
}
