import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { IdentityConfig } from "@azidentity/core";
import { fieldsToTrust, optionsToTrust } from "./harmless-settings.ts";
import { officialPluginNames } from "./official-plugins.ts";
import { filesOfPackage } from "./package-files.ts";
import { fileOf, filesOfProgram, isFile } from "./relative-imports.ts";

/**
 * Something that a config makes `azid` run, or a setting that decides where tokens and secrets go.
 */
export interface NamedCode {
  /** For people: `the plugin ./plugins/team.mjs`. */
  readonly what: string;
  /** Full paths of the files whose content counts, besides the config. */
  readonly files: readonly string[];
  /** Full path of a package of which every file counts, besides them. */
  readonly packageFolder?: string;
  /** The option of a source that it is; core refuses one that no source has. */
  readonly option?: { readonly source: string; readonly name: string };
}

type Layer = Pick<IdentityConfig, "plugins" | "sources" | "chain" | "chains"> & Readonly<Record<string, unknown>>;

/** Options of a source, as `sources` or a chain has them. */
interface SourceEntry {
  readonly source: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The folder of a package: that in the nearest node_modules, behind a link. */
function folderOfPackage(name: string, base: string): string | undefined {
  const [pack = name] = /^(?:@[^/]+\/)?[^/]+/.exec(name) ?? [];
  const places = createRequire(base).resolve.paths(pack) ?? [];
  const found = places.map((modules) => join(modules, pack)).find((path) => existsSync(path));
  return found && realpathSync(found);
}

/**
 * What a name leads to by the rules of CommonJS; nothing for a package that has `exports` for
 * `import` alone.
 */
function entryOf(name: string, base: string): readonly string[] {
  try {
    return [createRequire(base).resolve(name)].filter(isFile);
  } catch {
    return [];
  }
}

/** Modules, which may import files beside their package. */
const modules = /\.[cm]?[jt]s$/;

/**
 * A plugin of the project: the files of a path, or a whole package with what it imports beside it
 * by path.
 */
function codeOfPlugin(name: string, configFolder: string): NamedCode {
  const what = `the plugin ${name}`;
  const base = join(configFolder, "noop.js");
  if (name.startsWith(".") || isAbsolute(name)) {
    const file = fileOf(name, base);
    return { what, files: file === undefined ? [] : filesOfProgram([file]) };
  }
  const folder = folderOfPackage(name, base);
  if (folder === undefined) return { what, files: [] };
  const own = new Set(filesOfPackage(folder));
  const roots = [...[...own].filter((path) => modules.test(path) && isFile(path)), ...entryOf(name, base)];
  const files = filesOfProgram(roots).filter((path) => !own.has(path));
  return { what: `${what} (${folder})`, files, packageFolder: folder };
}

/**
 * A source in the options of another one, such as that of an assertion, and those in its own
 * options. A name that a file or a variable says may be any: it is the name of no source, so all
 * its options count.
 */
function nestedEntries(options: object): SourceEntry[] {
  return Object.values(options).flatMap((value: unknown) => {
    if (Array.isArray(value)) return nestedEntries(value);
    if (!isObject(value)) return [];
    const { source, options: own = {} } = value;
    if (source === undefined || !isObject(own)) return nestedEntries(value);
    return withNested({ source: typeof source === "string" ? source : JSON.stringify(source), options: own });
  });
}

const withNested = (entry: SourceEntry): SourceEntry[] => [entry, ...nestedEntries(entry.options)];

/** The sources of a config whose options it sets. */
function entriesOf({ sources = {}, chain = [], chains = {} }: Layer): SourceEntry[] {
  const inSources = Object.entries(sources).map(([source, options]) => ({ source, options }));
  const inChains = ([chain, ...Object.values(chains)].flat() as readonly unknown[]).filter(isObject);
  return [...inSources, ...inChains].flatMap(({ source, options = {} }) =>
    typeof source === "string" && isObject(options) ? withNested({ source, options }) : [],
  );
}

/** The files of a command line that stand in the folder of the config, e.g. `./token.sh`. */
function filesIn(folder: string, words: readonly unknown[]): readonly string[] {
  const texts = words.filter((word): word is string => typeof word === "string" && /[\\/]/.test(word));
  const paths = texts.map((word) => resolve(folder, word));
  return paths.filter((path) => !relative(folder, path).startsWith("..") && isFile(path));
}

/** The program of the source `exec`. */
function programOf({ source, options }: SourceEntry, folder: string): NamedCode[] {
  if (source !== "exec") return [];
  const words = Object.values(options).flat();
  const shown = words.filter((word) => typeof word === "string").join(" ");
  return [{ what: `the program of the source exec: ${shown}`, files: filesIn(folder, words) }];
}

/** The other options of a source that are not harmless. */
const settingsOf = ({ source, options }: SourceEntry): NamedCode[] =>
  source === "exec"
    ? []
    : optionsToTrust(options).map((name) => ({
        what: `the option ${name} of the source ${source}`,
        files: [],
        option: { source, name },
      }));

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
      ...entries.flatMap((entry) => [...programOf(entry, folder), ...settingsOf(entry)]),
      ...fieldsToTrust(layer).map((name) => ({ what: `the setting ${name}`, files: [] })),
    ];
  });
  return found.filter(({ what }, index) => found.findIndex((other) => other.what === what) === index);
}
