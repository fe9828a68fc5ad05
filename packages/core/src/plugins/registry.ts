import type { AnyProvider, AnySource, IdentityPlugin } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";
import { officialPluginOf, officialSources } from "./official.ts";

/** The sources and services of all plugins of one identity. */
export interface Registry {
  readonly plugins: readonly IdentityPlugin[];
  readonly sources: readonly AnySource[];
  readonly services: readonly AnyProvider[];
  /**
   * The source of this name, for a chain. `path`: the config path that names it.
   *
   * @throws {ConfigurationError} `unknown-source`
   */
  source(name: string, path?: string): AnySource;
  /**
   * The same for a caller or another source that names it: in mode `production`, this also finds
   * interactive sources that never prompt.
   *
   * @throws {ConfigurationError} `unknown-source`
   */
  sourceOutsideChains(name: string, path?: string): AnySource;
  /**
   * A source by name, even one that the mode excludes; `undefined` when no plugin has it. For
   * checks of options, not for use.
   */
  known(name: string): AnySource | undefined;
}

/** How to get a source of an official plugin; `undefined`: no official plugin has it. */
function installRemedy(name: string, plugins: readonly IdentityPlugin[]): string | undefined {
  const plugin = officialPluginOf(name);
  if (plugin === undefined) return undefined;
  if (plugins.some((loaded) => loaded.name === plugin)) return `Update it: npm install ${plugin}@latest`;
  return `Install it: npm install ${plugin}. If the config has \`plugins\`, add "${plugin}" there.`;
}

/** `AzureCliCredential` is the class of the Azure SDKs whose source is `azure-cli`. */
const withoutClassSuffix = (name: string) => name.replace(/(.)credential$/i, "$1");

/** The source whose name differs in case and punctuation alone. */
function spelledOut(name: string, sources: readonly string[]): string | undefined {
  const letters = (text: string) => text.replace(/[^a-z]/gi, "").toLowerCase();
  return sources.find((source) => letters(source) === letters(withoutClassSuffix(name)));
}

function unknownSourceRemedy(name: string, known: readonly string[], plugins: readonly IdentityPlugin[]): string {
  if (/^(default-?azure-?|chained-?token-?)credential$/i.test(name))
    return "Use the identity itself: it has the default chain, or the one of the config.";
  if (spelledOut(name, known) === undefined) {
    const official = spelledOut(name, officialSources());
    const remedy = official === undefined ? undefined : installRemedy(official, plugins);
    if (remedy !== undefined) return official === name ? remedy : `Its name is "${official}". ${remedy}`;
  }
  return didYouMean(withoutClassSuffix(name), known);
}

function unknownSource(
  name: string,
  known: readonly string[],
  plugins: readonly IdentityPlugin[],
  path: string | undefined,
): ConfigurationError {
  const remedy = unknownSourceRemedy(name, known, plugins);
  const where = path === undefined ? "" : ` (${path})`;
  return new ConfigurationError("unknown-source", `No plugin has a source "${name}"${where}.`, { path, remedy });
}

function notInMode({ name, kind }: AnySource, path: string | undefined): ConfigurationError {
  return new ConfigurationError("unknown-source", `Mode "production" does not load "${name}", whose kind is ${kind}.`, {
    path,
    remedy: "Remove it, or set another mode, for example in a profile.",
  });
}

/**
 * Combines the plugins. Two sources of one name are refused, so that no plugin can replace the
 * source of another. Mode `production` has deployed sources only in chains.
 *
 * @throws {ConfigurationError} `duplicate-source`
 */
export function createRegistry(plugins: readonly IdentityPlugin[], mode?: string): Registry {
  const loads = (source: AnySource) => mode !== "production" || source.kind === "deployed";
  const owners = new Map<string, { source: AnySource; plugin: string }>();
  for (const plugin of plugins) {
    for (const source of plugin.sources ?? []) {
      const other = owners.get(source.name);
      if (other !== undefined) {
        throw new ConfigurationError(
          "duplicate-source",
          `${plugin.name} and ${other.plugin} both have a source "${source.name}".`,
          {
            remedy: "Load only one of them.",
          },
        );
      }
      owners.set(source.name, { source, plugin: plugin.name });
    }
  }
  const named = (name: string, path: string | undefined, may: (source: AnySource) => boolean): AnySource => {
    const owner = owners.get(name);
    if (owner === undefined) throw unknownSource(name, [...owners.keys()], plugins, path);
    if (!may(owner.source)) throw notInMode(owner.source, path);
    return owner.source;
  };
  return {
    plugins,
    sources: [...owners.values()].map((owner) => owner.source).filter(loads),
    services: plugins.flatMap((plugin) => plugin.services ?? []),
    source: (name, path) => named(name, path, loads),
    sourceOutsideChains: (name, path) =>
      named(name, path, (source) => loads(source) || (source.kind === "interactive" && source.neverPrompts === true)),
    known: (name) => owners.get(name)?.source,
  };
}
