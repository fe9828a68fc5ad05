import type { ShareFlight } from "../async/flights.ts";
import { type Chain, createChain } from "../chain/chain.ts";
import { defaultOrder } from "../chain/default-order.ts";
import type { ChainEntry } from "../config/define.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { parseChain } from "../config/parse.ts";
import { selectTokenCredentials } from "../config/token-credentials.ts";
import type { SourceContext } from "../contract/context.ts";
import type { SourceKind } from "../contract/source.ts";
import type { Walk } from "../contract/walk.ts";
import { ConfigurationError } from "../errors/errors.ts";
import type { ClosableLink } from "../link/create-link.ts";
import type { Links } from "../link/link-registry.ts";
import type { Registry } from "../plugins/registry.ts";
import { didYouMean } from "../util/suggest.ts";

export interface ChainsSettings {
  readonly read: LoadedConfig;
  readonly registry: Registry;
  readonly context: SourceContext;
  readonly links: Links;
  /** Called with every walk of a chain, without explanations. */
  readonly onWalk: (walk: Walk) => void;
  readonly share: ShareFlight | undefined;
}

/**
 * The chains of one identity. Each has a winner of its own; equal entries of theirs are the same
 * link.
 */
export interface Chains {
  /** A chain of entries, or the one that the config has under a name. */
  of(entries: readonly ChainEntry[] | string): Chain;
  /** A chain of the one source that a caller names. */
  only(link: ClosableLink): Chain;
  /**
   * The config's `chain`, else the registered sources by kind and priority. Built when it is first
   * asked for; throws what is wrong with it.
   */
  default(): Chain;
}

function emptyChain(path: string, file: string | undefined): ConfigurationError {
  const remedy = "Name a source in it.";
  return new ConfigurationError("empty-chain", `The chain at ${path} is empty.`, { file, path, remedy });
}

function unknownChain(name: string, known: readonly string[], file: string | undefined): ConfigurationError {
  const details = { file, path: "chains", remedy: didYouMean(name, known) };
  return new ConfigurationError("unknown-chain", `There is no chain "${name}" in the config.`, details);
}

/**
 * What to change so that the default chain has developer tools; `undefined`: nothing excludes them.
 */
function howToUseTools(isProduction: boolean, only: SourceKind | undefined): string | undefined {
  const excludedBy = [
    ...(only === "deployed" ? ["AZURE_TOKEN_CREDENTIALS=prod"] : []),
    ...(isProduction ? ['mode "production"'] : []),
  ];
  return excludedBy.length === 0 ? undefined : `To use developer tools here, remove ${excludedBy.join(" and ")}.`;
}

export function createChains({ read, registry, context, links, onWalk, share }: ChainsSettings): Chains {
  const { config } = read;
  let standard: Chain | undefined;

  const hasTools = registry.sources.some(({ kind }) => kind === "developer");
  /**
   * @param isNamed whether the sources were named one by one, by a config, a caller or an operator
   */
  const chainOf = (placed: readonly ClosableLink[], isNamed: boolean, toUseTools?: string): Chain => {
    const { policy = {} } = config;
    return createChain(placed, { clock: context.clock, policy, isNamed, toUseTools, hasTools, onWalk, share });
  };

  const chainAt = (entries: readonly ChainEntry[], path: string): Chain => {
    if (entries.length === 0) throw emptyChain(path, read.file);
    const placed = entries.map((one, index) => links.at(one, `${path}.${index}`));
    return chainOf(placed, true);
  };

  const build = (): Chain => {
    if (config.chain !== undefined) return chainAt(config.chain, "chain");
    const order = defaultOrder(registry.sources, config.sources ?? {});
    const selected = selectTokenCredentials(context.env.AZURE_TOKEN_CREDENTIALS, order, registry.sources);
    const placed = selected.sources.map(({ name }) => links.at(name, `sources.${name}`));
    const isProduction = config.mode === "production";
    return chainOf(placed, selected.named, selected.named ? undefined : howToUseTools(isProduction, selected.only));
  };

  return {
    of(entries) {
      if (typeof entries !== "string") return chainAt(parseChain(entries, "chain"), "chain");
      const chains = config.chains ?? {};
      const found = Object.hasOwn(chains, entries) ? chains[entries] : undefined;
      if (found !== undefined) return chainAt(found, `chains.${entries}`);
      throw unknownChain(entries, Object.keys(chains), read.file);
    },
    only: (link) => chainOf([link], true),
    default() {
      standard ??= build();
      return standard;
    },
  };
}
