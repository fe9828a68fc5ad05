import type { Budget } from "./cache/budget.ts";
import { createFlights } from "./cache/flights.ts";
import type { StoredToken } from "./cache/store-key.ts";
import { defaultOrder } from "./chain/build.ts";
import { type Chain, createChain, type Share } from "./chain/chain.ts";
import type { ChainEntry } from "./config/define.ts";
import { parseChain } from "./config/parse.ts";
import type { ReadConfig } from "./config/read.ts";
import { selectTokenCredentials } from "./config/token-credentials.ts";
import type { SourceContext } from "./contract/context.ts";
import { ConfigurationError } from "./contract/errors.ts";
import type { Events } from "./contract/events.ts";
import type { AnySource } from "./contract/plugin.ts";
import { hideAccounts } from "./contract/redact.ts";
import { didYouMean } from "./contract/suggest.ts";
import type { TokenCredentialLike } from "./contract/token.ts";
import type { Walk } from "./contract/walk.ts";
import { type ClosableLink, createLink, type LinkSettings } from "./link.ts";
import { type FindLink, type LookupNode, withLookup } from "./lookup.ts";
import { createMemo } from "./memo.ts";
import type { Registry } from "./plugins/registry.ts";
import type { SourceSettings } from "./source-settings.ts";
import { foreignSource } from "./sources/foreign.ts";
import { createTurns, type Turns } from "./sources/turns.ts";
import { createWeakList } from "./weak-list.ts";

/** Credentials of one source with different options that an identity keeps. */
const memoLimit = 1_000;
export interface LinksSettings {
  readonly read: ReadConfig;
  readonly registry: Registry;
  readonly context: SourceContext;
  readonly budget: Budget;
  readonly random: () => number;
  readonly sources: SourceSettings;
  readonly setDeadline: LinkSettings["setDeadline"];
  readonly store: LinkSettings["store"];
  readonly events: Events;
}

/** The sources of one identity as links and chains. */
export interface Links {
  /** The link of a source; the same one for equal options. */
  named(name: string, options: unknown): ClosableLink;
  /** A chain of that link alone. */
  only(name: string, options: unknown): Chain;
  /** A chain of entries, or the one that the config has under a name. */
  chain(entries: readonly ChainEntry[] | string): Chain;
  /** The config's `chain`, else the registered sources by kind and priority. */
  defaultChain(): Chain;
  /** Forgets a token with which another process was refused. */
  forgetStored(stored: StoredToken): void;
  close(reason: Error): Promise<void>;
}

const isCredential = (entry: unknown): entry is TokenCredentialLike =>
  typeof entry === "object" && entry !== null && typeof (entry as { getToken?: unknown }).getToken === "function";

/** Account names are personal data: an event goes without them. */
function withoutAccounts(walk: Walk): Walk {
  const attempts = walk.attempts.map((one) => ({ ...one, reason: hideAccounts(one.reason) }));
  return { ...walk, attempts, principal: walk.principal && { ...walk.principal, username: undefined } };
}

function createShare(): Share {
  const flights = createFlights<Awaited<ReturnType<Share>>>();
  return (key, signal, start) => flights.join(key, signal, start);
}

export function createLinks(settings: LinksSettings): Links {
  const { read, registry, context } = settings;
  const { config } = read;
  const links = createMemo<ClosableLink>(memoLimit);
  const made = createWeakList<ClosableLink>(); // also those that the memo has dropped and a chain still uses
  let closed: Error | undefined;
  const turns = new Map<string, Turns>();
  const turnsOf = ({ name, atOnce }: AnySource): Turns | undefined => {
    if (atOnce !== undefined && !turns.has(name)) turns.set(name, createTurns(atOnce));
    return turns.get(name);
  };

  const nodes = new WeakMap<ClosableLink, LookupNode>();

  const place = (
    source: AnySource,
    given: object | undefined,
    path: string,
    expected = config.expect ?? {},
  ): ClosableLink => {
    if (closed !== undefined) throw closed; // a caller had the runtime in hand already
    const resolveOptions = () => settings.sources.resolve(source.name, given, path);
    const deadlineMs = settings.sources.deadlineMs(source.name);
    const cached = settings.sources.cached(source.name);
    const node: LookupNode = { name: source.name, uses: new Set() };
    const link = createLink({
      ...settings,
      context: withLookup(context, node, find),
      source,
      path,
      resolveOptions,
      deadlineMs,
      cached,
      turns: turnsOf(source),
      expected,
    });
    nodes.set(link, node);
    made.add(link);
    return link;
  };

  /** For other sources. What they get proves something to Entra and reaches no caller, so `expect` does not speak of it. */
  const find: FindLink = (name, options) => {
    const source = registry.source(name);
    const given = options as object | undefined;
    const link = links.get(["for sources", name, given], () => place(source, given, `sources.${name}`, {}));
    return { link, node: nodes.get(link) as LookupNode };
  };

  /** Equal names and options: the same link, so that whoever signs in to it has signed in for all. */
  const named = (name: string, given: object | undefined, path: string): ClosableLink => {
    const source = registry.source(name, path);
    const options = Object.keys(given ?? {}).length === 0 ? undefined : given;
    return links.get([name, options], () => place(source, options, path));
  };

  /** What `identity.credential()` names; errors of its options say so. */
  const inCode = (name: string, options: unknown): ClosableLink => {
    const path = `credential("${name}")`;
    parseChain([{ source: name, options }], path);
    return named(name, options as object | undefined, path);
  };

  /** The link as a chain sees it in which nobody named it outright. */
  const unnamed = (link: ClosableLink): ClosableLink => Object.assign(Object.create(link), { explicit: false });

  const entry = (one: ChainEntry, path: string): ClosableLink => {
    if (typeof one === "string") return named(one, undefined, path);
    if (isCredential(one)) return links.get([one], () => place(foreignSource(one), undefined, path));
    const { source, options } = one as { readonly source: string; readonly options?: object };
    return named(source, options, path);
  };

  const onWalk = (walk: Walk): void => {
    for (const { source, outcome, reason } of walk.attempts) context.log.debug(`${source}: ${outcome}. ${reason}`);
    if (walk.winner !== undefined) context.log.info(`${walk.winner} was elected.`, { principal: walk.principal });
    else if (walk.attempts.at(-1)?.outcome !== "cancelled")
      context.log.error("No source in the chain brought a token.");
    settings.events.emit("azidentity:walk", () => withoutAccounts(walk));
  };

  const chainOf = (placed: readonly ClosableLink[]): Chain =>
    createChain(placed, { clock: context.clock, policy: config.policy ?? {}, share: createShare(), onWalk });

  const chainAt = (entries: readonly ChainEntry[], path: string): Chain => {
    if (entries.length === 0) {
      throw new ConfigurationError("empty-chain", `The chain at ${path} is empty.`, {
        file: read.file,
        path,
        remedy: "Name a source in it.",
      });
    }
    return chainOf(entries.map((one, index) => entry(one, `${path}.${index}`)));
  };

  return {
    named: inCode,
    only: (name, options) => chainOf([inCode(name, options)]),
    chain(entries) {
      if (typeof entries !== "string") return chainAt(parseChain(entries, "chain"), "chain");
      const chains = config.chains ?? {};
      const found = Object.hasOwn(chains, entries) ? chains[entries] : undefined;
      if (found !== undefined) return chainAt(found, `chains.${entries}`);
      throw new ConfigurationError("unknown-chain", `There is no chain "${entries}" in the config.`, {
        file: read.file,
        path: "chains",
        remedy: didYouMean(entries, Object.keys(chains)),
      });
    },
    defaultChain() {
      if (config.chain !== undefined) return chainAt(config.chain, "chain");
      const order = defaultOrder(registry.sources, config.sources ?? {});
      const selected = selectTokenCredentials(context.env.AZURE_TOKEN_CREDENTIALS, order, registry.sources);
      const placed = selected.sources.map(({ name }) => named(name, undefined, `sources.${name}`));
      return chainOf(selected.named ? placed : placed.map(unnamed));
    },
    forgetStored(stored) {
      for (const link of made.newestFirst()) link.forgetStored(stored);
    },
    async close(reason) {
      closed = reason;
      await Promise.allSettled(made.newestFirst().map((link) => link.close(reason)));
    },
  };
}
