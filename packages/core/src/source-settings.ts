import type { IdentityConfig } from "./config/define.ts";
import type { ReadConfig } from "./config/read.ts";
import { inlineSecrets, type ReferenceScope, resolveReferences } from "./config/references.ts";
import { ConfigurationError, isIdentityError } from "./contract/errors.ts";
import type { Registry } from "./plugins/registry.ts";
import { checkSomeOptions } from "./sources/check-options.ts";
import { timeoutVariable } from "./sources/deadline.ts";

type Options = Readonly<Record<string, unknown>>;

/** Settings of a source that are the core's, not its own options. */
const reserved = ["priority", "enabled", "deadlineMs", "cache"];
/** The longest that a timer of Node.js can wait. */
const longestMs = 2_147_483_647;

/** What a config says of single sources, under `sources` and in its chains. */
export interface SourceSettings {
  deadlineMs(source: string): number | undefined;
  /** Whether its tokens may be remembered and stored. */
  cached(source: string): boolean;
  /** The options of a source with those of its place in a chain over them, references still to be looked up. */
  options(source: string, given: object | undefined): Options;
  /** Looks references up, now. */
  resolve(options: unknown, path: string): unknown;
  /** Refuses unknown sources, wrong options and secrets written into a file, whether they are used or not. */
  check(registry: Registry): void;
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

/** The operator's word on a source: it wins over code too, because it is for programs that the operator did not write. */
function readTimeout(env: ReferenceScope["env"], source: string): number | undefined {
  const name = timeoutVariable(source);
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  const ms = Number(text);
  if (ms > 0 && ms <= longestMs) return ms;
  throw new ConfigurationError("invalid-config", `${name} is not a number of milliseconds above 0.`, {
    path: name,
    remedy: `Write it like ${name}=60000, or unset it.`,
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

  return {
    deadlineMs: (source) =>
      readTimeout(references.env, source) ?? (settingsOf(source).deadlineMs as number | undefined),
    cached: (source) => settingsOf(source).cache !== false,
    options: (source, given) => ({ ...withoutReserved(settingsOf(source)), ...given }),
    resolve,
    check(registry) {
      for (const { source, options, path } of placesOf(config)) {
        checkSomeOptions(registry.source(source, path), resolvable(options, path), path);
      }
      if (file === undefined || config.allowInlineSecrets === true) return;
      for (const place of placesOf(inFile))
        refuseInlineSecret(place, registry.source(place.source).options?.secrets ?? [], file);
    },
  };
}
