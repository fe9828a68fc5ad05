import type { AnyProvider, AnySource } from "../contract/plugin.ts";
import { ConfigurationError, isIdentityError } from "../errors/errors.ts";
import { checkSomeOptions } from "../options/check-options.ts";
import type { Registry } from "../plugins/registry.ts";
import type { ChainEntry, IdentityConfig } from "./define.ts";
import { namingFile } from "./name-file.ts";
import type { ReadConfig } from "./read.ts";
import { inlineSecrets, type ReferenceScope, resolveOptions } from "./references.ts";

type Options = Readonly<Record<string, unknown>>;

/** The variable by which an operator sets the deadline of a source, in milliseconds. */
export function timeoutVariable(source: string): string {
  return `AZIDENTITY_${source.toUpperCase().replaceAll("-", "_")}_TIMEOUT_MS`;
}

/** Settings of a source that are the core's, not its own options. */
const reserved = ["priority", "enabled", "deadlineMs", "cache"];
/** The longest that a timer of Node.js can wait. */
const longestMs = 2_147_483_647;

/** What a config says of single sources, under `sources` and in its chains. */
export interface SourceSettings {
  deadlineMs(source: string): number | undefined;
  /** Whether its tokens may be remembered and stored. */
  cached(source: string): boolean;
  /** The options of a source with those of its place in a chain over them, their references looked up, now. `path`: its place in a chain. */
  resolve(source: AnySource, given: object | undefined, path: string): Options;
  /** Options of a service with their references looked up, now. */
  resolveService(provider: AnyProvider, options: Options, path: string): Options;
  /** Refuses unknown sources, wrong options and secrets written into a file, whether they are used or not. */
  check(registry: Registry): void;
  /** The same for the options of a service. */
  checkService(provider: AnyProvider, options: Options, path: string): void;
}

type Places = Partial<Pick<IdentityConfig, "sources" | "chain" | "chains" | "profiles">>;

interface Placed {
  readonly source: string;
  readonly options: Options;
  readonly path: string;
}

function withoutReserved(settings: object | undefined): Options {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([key]) => !reserved.includes(key)));
}

function placesInChain(chain: readonly ChainEntry[] | undefined, path: string): Placed[] {
  return (chain ?? []).flatMap((entry, index) => {
    if (typeof entry === "string") return [{ source: entry, options: {}, path: `${path}.${index}` }];
    const { source, options } = entry as { source?: unknown; options?: Options };
    return typeof source === "string" ? [{ source, options: options ?? {}, path: `${path}.${index}.options` }] : [];
  });
}

/** All places of a config where sources stand, but for its profiles. */
function placesOf(config: Places, prefix = ""): Placed[] {
  const settings = Object.entries(config.sources ?? {}).map(([source, one]) => {
    return { source, options: withoutReserved(one), path: `${prefix}sources.${source}` };
  });
  const chains = Object.entries(config.chains ?? {}).flatMap(([key, one]) =>
    placesInChain(one, `${prefix}chains.${key}`),
  );
  return [...settings, ...placesInChain(config.chain, `${prefix}chain`), ...chains];
}

/** The places in profiles. One that brings its own plugins is checked when it is chosen: its sources are not known before. */
function placesInProfiles({ profiles = {} }: Places): Placed[] {
  const checked = Object.entries(profiles).filter(([, profile]) => profile.plugins === undefined);
  return checked.flatMap(([name, profile]) => placesOf(profile, `profiles.${name}.`));
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

export function createSourceSettings(read: ReadConfig, env: ReferenceScope["env"]): SourceSettings {
  const { config, inFile, file } = read;
  const references: ReferenceScope = {
    env,
    get folder() {
      return read.folder;
    },
  };
  const settingsOf = (source: string): Options =>
    Object.hasOwn(config.sources ?? {}, source) ? { ...config.sources?.[source] } : {};
  const resolve = (owner: AnySource | AnyProvider, options: Options, path: string): Options =>
    namingFile(read, () => resolveOptions(options, references, path, owner.options?.jsonSchema));

  /** Options as far as they can be known now: a reference whose target is missing may be there when it is needed. */
  const resolvable = (owner: AnySource | AnyProvider, options: Options, path: string): Options =>
    Object.fromEntries(
      Object.entries(options).flatMap(([key, value]) => {
        try {
          return Object.entries(resolveOptions({ [key]: value }, references, path, owner.options?.jsonSchema));
        } catch (error) {
          if (isIdentityError(error) && error.code === "missing-reference") return [];
          throw error;
        }
      }),
    );
  const mayHoldSecrets = file === undefined || config.allowInlineSecrets === true;

  const checkPlace = (owner: AnySource | AnyProvider, options: Options, path: string): void => {
    checkSomeOptions(owner, resolvable(owner, options, path), path);
    const unsafe = owner.options?.unsafe?.find((name) => options[name] === true);
    if (unsafe === undefined || config.mode !== "production") return;
    throw new ConfigurationError("unsafe-option", `Mode "production" refuses \`${path}.${unsafe}\`.`, {
      path: `${path}.${unsafe}`,
      remedy: "Take it away, or use another mode.",
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
      return { ...resolve(source, Object.fromEntries(settings), `sources.${source.name}`), ...own };
    },
    resolveService: resolve,
    check(registry) {
      for (const { source, options, path } of [...placesOf(config), ...placesInProfiles(config)]) {
        const known = registry.known(source) ?? registry.source(source, path);
        checkPlace(known, options, path);
      }
      if (mayHoldSecrets) return;
      const profiles = Object.entries(inFile.profiles ?? {}).flatMap(([name, one]) =>
        placesOf(one, `profiles.${name}.`),
      );
      for (const place of [...placesOf(inFile), ...profiles])
        refuseInlineSecret(place, registry.known(place.source)?.options?.secrets ?? [], file);
    },
    checkService(provider, options, path) {
      checkPlace(provider, options, path);
      if (mayHoldSecrets) return;
      refuseInlineSecret(
        { source: provider.name, options: { ...inFile.cache }, path },
        provider.options?.secrets ?? [],
        file,
      );
    },
  };
}
