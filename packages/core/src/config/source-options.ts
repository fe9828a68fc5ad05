import { maxTimerMs } from "../async/time-limit.ts";
import type { AnyProvider, AnySource } from "../contract/services.ts";
import { ConfigurationError, isIdentityError } from "../errors/errors.ts";
import { checkSomeOptions } from "../options/check-options.ts";
import type { Registry } from "../plugins/registry.ts";
import type { ChainEntry, IdentityConfig } from "./define.ts";
import type { LoadedConfig } from "./load-config.ts";
import { type ReferenceScope, resolveOptions } from "./references.ts";
import { withoutReserved } from "./source-settings.ts";
import { withConfigFile } from "./with-config-file.ts";

type Options = Readonly<Record<string, unknown>>;

/** The variable by which an operator sets the deadline of a source, in milliseconds. */
export function timeoutVariable(source: string): string {
  return `AZIDENTITY_${source.toUpperCase().replaceAll("-", "_")}_TIMEOUT_MS`;
}

/** The settings and options of single sources, from `sources` and the chains of a config. */
export interface SourceOptionsResolver {
  /** Milliseconds; `undefined`: not configured. */
  deadlineMs(source: string): number | undefined;
  /** Whether its tokens may be kept in memory and stored. */
  cached(source: string): boolean;
  /**
   * The current options of a source: those of its chain entry take precedence, references are
   * resolved. `path`: config path of the entry.
   */
  resolve(source: AnySource, given: object | undefined, path: string): Options;
  /** The current options of a service, with references resolved. */
  resolveService(provider: AnyProvider, options: Options, path: string): Options;
  /**
   * Refuses unknown sources, invalid options and secrets in a file, whether they are used or not.
   */
  check(registry: Registry): void;
  /** The same for the options of a service. */
  checkService(provider: AnyProvider, options: Options, path: string): void;
}

type ConfigParts = Partial<Pick<IdentityConfig, "sources" | "chain" | "chains" | "profiles">>;

/** A source with options at one position of a config. */
interface ConfiguredSource {
  readonly source: string;
  readonly options: Options;
  /** Config path of the options, for messages. */
  readonly path: string;
}

function sourcesInChain(chain: readonly ChainEntry[] | undefined, path: string): ConfiguredSource[] {
  return (chain ?? []).flatMap((entry, index) => {
    if (typeof entry === "string") return [{ source: entry, options: {}, path: `${path}.${index}` }];
    const { source, options } = entry as { source?: unknown; options?: Options };
    return typeof source === "string" ? [{ source, options: options ?? {}, path: `${path}.${index}.options` }] : [];
  });
}

/** All sources of a config with their options, without those in profiles. */
function configuredSources(config: ConfigParts, prefix = ""): ConfiguredSource[] {
  const settings = Object.entries(config.sources ?? {}).map(([source, one]) => {
    return { source, options: withoutReserved(one), path: `${prefix}sources.${source}` };
  });
  const chains = Object.entries(config.chains ?? {}).flatMap(([key, one]) =>
    sourcesInChain(one, `${prefix}chains.${key}`),
  );
  return [...settings, ...sourcesInChain(config.chain, `${prefix}chain`), ...chains];
}

type Profile = NonNullable<ConfigParts["profiles"]>[string];

/** The same with those in the profiles for which `isWanted` is true. */
function sourcesWithProfiles(config: ConfigParts, isWanted: (profile: Profile) => boolean): ConfiguredSource[] {
  const profiles = Object.entries(config.profiles ?? {}).filter(([, profile]) => isWanted(profile));
  const inProfiles = profiles.flatMap(([name, profile]) => configuredSources(profile, `profiles.${name}.`));
  return [...configuredSources(config), ...inProfiles];
}

/**
 * The timeout that an operator sets. It takes precedence over code, because operators cannot change
 * code.
 */
function readTimeout(env: ReferenceScope["env"], source: string): number | undefined {
  const name = timeoutVariable(source);
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  const ms = Number(text);
  if (ms > 0 && ms <= maxTimerMs) return ms;
  throw new ConfigurationError("invalid-config", `${name} is not a number of milliseconds above 0.`, {
    path: name,
    remedy: `Write it like ${name}=60000, or unset it.`,
  });
}

/**
 * The options that can be resolved now: the target of a missing reference may exist when it is
 * needed.
 */
function resolvable(owner: AnySource | AnyProvider, options: Options, scope: ReferenceScope, path: string): Options {
  const resolved = Object.entries(options).flatMap(([key, value]) => {
    try {
      return Object.entries(resolveOptions({ [key]: value }, scope, path, owner.options));
    } catch (error) {
      if (isIdentityError(error) && error.code === "missing-reference") return [];
      throw error;
    }
  });
  return Object.fromEntries(resolved);
}

export function createSourceOptionsResolver(loaded: LoadedConfig, env: ReferenceScope["env"]): SourceOptionsResolver {
  const { config, inFile, inlineSecrets } = loaded;
  const references: ReferenceScope = { env, folder: loaded.folder };
  const settingsOf = (source: string): Options =>
    Object.hasOwn(config.sources ?? {}, source) ? { ...config.sources?.[source] } : {};
  const resolve = (owner: AnySource | AnyProvider, options: Options, path: string): Options =>
    withConfigFile(loaded, () => resolveOptions(options, references, path, owner.options));
  const checkOptionsAt = (owner: AnySource | AnyProvider, options: Options, path: string): void => {
    checkSomeOptions(owner, resolvable(owner, options, references, path), path);
    const unsafe = owner.options?.unsafe?.find((name) => options[name] === true);
    if (unsafe === undefined || config.mode !== "production") return;
    throw new ConfigurationError("unsafe-option", `Mode "production" refuses \`${path}.${unsafe}\`.`, {
      path: `${path}.${unsafe}`,
      remedy: "Remove it, or use another mode.",
    });
  };

  return {
    deadlineMs: (source) => readTimeout(env, source) ?? (settingsOf(source).deadlineMs as number | undefined),
    cached: (source) => settingsOf(source).cache !== false,
    resolve(source, given = {}, path) {
      const own = resolve(source, given as Options, `${path}.options`);
      const settings = Object.entries(withoutReserved(settingsOf(source.name))).filter(
        ([key]) => !Object.hasOwn(own, key),
      );
      if (settings.length === 0) return own;
      return { ...resolve(source, Object.fromEntries(settings), `sources.${source.name}`), ...own };
    },
    resolveService: resolve,
    check(registry) {
      // a profile with its own plugins is checked when it is chosen: its sources are unknown before
      const all = sourcesWithProfiles(config, ({ plugins }) => plugins === undefined);
      for (const { source, options, path } of all)
        checkOptionsAt(registry.known(source) ?? registry.source(source, path), options, path);
      if (inlineSecrets === undefined) return;
      for (const { source, options, path } of sourcesWithProfiles(inFile, () => true))
        inlineSecrets.refuseOptions(options, registry.known(source)?.options?.secrets ?? [], path);
    },
    checkService(provider, options, path) {
      checkOptionsAt(provider, options, path);
      inlineSecrets?.refuseOptions({ ...inFile.cache }, provider.options?.secrets ?? [], path);
    },
  };
}
