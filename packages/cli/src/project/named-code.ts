import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { IdentityConfig } from "@azidentity/core";
import { officialPluginNames } from "./official-plugins.ts";
import { filesOfProgram } from "./relative-imports.ts";

/** Something that a config makes `azid` run, or a place to which it makes it send secrets. */
export interface NamedCode {
  /** For people: `the plugin ./plugins/team.mjs`. */
  readonly what: string;
  /** Full paths of the files whose content counts, besides the config. */
  readonly files: readonly string[];
}

type Layer = Pick<IdentityConfig, "plugins" | "sources" | "chain" | "chains" | "http" | "cloud"> &
  Readonly<Record<string, unknown>>;

/** Options of a source, as `sources` or a chain has them. */
interface SourceEntry {
  readonly source: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A plugin of the project: the files of a path, or the entry and manifest of a package. */
function codeOfPlugin(name: string, folder: string): NamedCode {
  const what = `the plugin ${name}`;
  if (name.startsWith(".") || isAbsolute(name)) {
    const file = resolve(folder, name);
    return { what, files: existsSync(file) ? filesOfProgram(file) : [] };
  }
  const require = createRequire(join(folder, "noop.js"));
  const manifest = (require.resolve.paths(name) ?? [])
    .map((modules) => join(modules, name, "package.json"))
    .find((path) => existsSync(path));
  if (manifest === undefined) return { what, files: [] };
  try {
    return { what: `the plugin ${name} (${dirname(manifest)})`, files: [manifest, require.resolve(name)] };
  } catch {
    return { what: `the plugin ${name} (${dirname(manifest)})`, files: [manifest] }; // exports for `import` alone
  }
}

/** The sources of a config whose options it sets. */
function entriesOf({ sources = {}, chain = [], chains = {} }: Layer): SourceEntry[] {
  const inChains = [chain, ...Object.values(chains)].flat() as readonly unknown[];
  return [
    ...Object.entries(sources).map(([source, options]) => ({ source, options: (options ?? {}) as object })),
    ...inChains
      .filter(isObject)
      .flatMap(({ source, options = {} }) => (typeof source === "string" ? [{ source, options }] : [])),
  ] as SourceEntry[];
}

/** The files of a command line that stand in the folder of the config, e.g. `./token.sh`. */
function filesIn(folder: string, words: readonly unknown[]): readonly string[] {
  const texts = words.filter((word): word is string => typeof word === "string" && /[\\/]/.test(word));
  const paths = texts.map((word) => resolve(folder, word));
  return paths.filter((path) => !relative(folder, path).startsWith("..") && existsSync(path));
}

/** The program of the source `exec`. */
function programOf({ source, options }: SourceEntry, folder: string): NamedCode[] {
  if (source !== "exec") return [];
  const words = Object.values(options).flat();
  const shown = words.filter((word) => typeof word === "string").join(" ");
  return [{ what: `the program of the source exec: ${shown}`, files: filesIn(folder, words) }];
}

/** Names of options that decide where requests, and the secrets in them, go. */
const address = /(?:url|uri|host|endpoint|proxy|address)$/i;

/** Addresses, and what weakens the check of them, in the options of a source. */
function addressesOf({ source, options }: SourceEntry): NamedCode[] {
  return Object.entries(options)
    .filter(
      ([name, value]) =>
        (address.test(name) && typeof value !== "boolean") || (name === "disableInstanceDiscovery" && value === true),
    )
    .map(([name]) => ({ what: `requests of the source ${source} go where its option ${name} says`, files: [] }));
}

/** Settings of the config itself that decide where requests go. */
function destinationsOf({ http, cloud, authorityHost, disableInstanceDiscovery }: Layer): NamedCode[] {
  const has: readonly (readonly [unknown, string])[] = [
    [http?.proxy !== undefined && http.proxy !== false, "requests go through the proxy of http.proxy"],
    [http?.caFile !== undefined, "certificates of http.caFile are trusted"],
    [isObject(cloud), "users and applications sign in at cloud.authorityHost"],
    [authorityHost !== undefined, "users and applications sign in at authorityHost"],
    [disableInstanceDiscovery === true, "disableInstanceDiscovery trusts any authority"],
  ];
  return has.filter(([isSet]) => isSet === true).map(([, what]) => ({ what, files: [] }));
}

/**
 * What a config that is data makes `azid` run, and where it makes it send secrets to. Empty for one
 * that only chooses among the official plugins, their sources and tenants.
 *
 * @param folder that of the config
 */
export function codeNamedIn(config: IdentityConfig, folder: string): readonly NamedCode[] {
  const layers = [config, ...Object.values(config.profiles ?? {})] as readonly Layer[];
  const found = layers.flatMap((layer) => {
    const plugins = (layer.plugins ?? []).filter((name): name is never => typeof name === "string") as string[];
    const entries = entriesOf(layer);
    return [
      ...plugins.filter((name) => !officialPluginNames.includes(name)).map((name) => codeOfPlugin(name, folder)),
      ...entries.flatMap((entry) => [...programOf(entry, folder), ...addressesOf(entry)]),
      ...destinationsOf(layer),
    ];
  });
  return found.filter(({ what }, index) => found.findIndex((other) => other.what === what) === index);
}
