import { type ConcurrencyLimiter, createConcurrencyLimiter } from "../async/limiter.ts";
import type { Eviction } from "../cache/eviction.ts";
import type { ChainEntry, CredentialWithSubject } from "../config/define.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { ResolvedConfig } from "../config/references.ts";
import type { SourceOptionsResolver } from "../config/source-options.ts";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { TokenCredentialLike } from "../contract/token.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { checkNamed } from "../options/check-named.ts";
import { createMemo } from "../options/memoize.ts";
import type { Registry } from "../plugins/registry.ts";
import type { StoredToken } from "../store/store-key.ts";
import { createWeakList } from "../util/weak-list.ts";
import { createAcquisitionSteps } from "./acquisition-steps.ts";
import { type ClosableLink, createLink } from "./create-link.ts";
import type { LinkServices, LinkSettings } from "./placed-source.ts";
import { type FindLink, type LookupNode, withLookup } from "./source-lookup.ts";
import { foreignSource } from "./token-credential-source.ts";

/** Credentials of one source with different options that an identity keeps. */
const memoLimit = 1_000;

export interface LinksSettings {
  readonly read: Pick<LoadedConfig, "config" | "written">;
  readonly registry: Registry;
  readonly context: SourceContext;
  readonly sources: SourceOptionsResolver;
  readonly services: LinkServices;
  /** Makes bounds of memory. */
  readonly createEviction: () => Eviction;
}

/** The sources of one identity, placed with their options. */
export interface Links {
  /** The link of a source that a caller names; the same one for equal options. */
  named(name: string, options: unknown): ClosableLink;
  /** A new link of a source that a caller names, with bounds of memory of its own. */
  own(name: string, options: unknown): ClosableLink;
  /** The link of an entry of a chain. `path`: its place in the config, for error messages. */
  at(entry: ChainEntry, path: string): ClosableLink;
  /** Forgets a token with which another process was refused. */
  evict(stored: StoredToken): void;
  close(reason: Error): Promise<void>;
}

/** An entry of a chain that names a source. */
interface NamedEntry {
  readonly source: string;
  readonly options?: object;
}

/** The credential of another library that an entry holds; `undefined`: it names a source. */
function foreignCredential(entry: ChainEntry, path: string): Partial<CredentialWithSubject> {
  if (typeof entry === "string") return {};
  if (typeof (entry as Partial<TokenCredentialLike>).getToken === "function")
    return { credential: entry as TokenCredentialLike };
  const { credential, subject } = entry as Partial<CredentialWithSubject>;
  if (subject !== "") return { credential, subject };
  throw new ConfigurationError("invalid-config", "The subject of a credential in a chain is empty.", {
    path: `${path}.subject`,
    remedy: "Name the principal that it signs in as, or leave out the subject: its tokens are then not stored.",
  });
}

/** The limiters of the sources that bound how many acquisitions run at the same time. */
function createLimiters(): (source: AnySource) => ConcurrencyLimiter | undefined {
  let limiters: Map<string, ConcurrencyLimiter> | undefined;
  return ({ name, maxConcurrency }) => {
    if (maxConcurrency === undefined) return undefined;
    limiters ??= new Map();
    const limiter = limiters.get(name) ?? createConcurrencyLimiter(maxConcurrency);
    limiters.set(name, limiter);
    return limiter;
  };
}

/**
 * Where a source is placed: its own options, and what differs from the settings of the identity.
 */
interface Place {
  readonly given: object | undefined;
  /** The place of the options, for error messages. */
  readonly path: string;
  /** Default: the `expect` of the config. */
  readonly expected?: NonNullable<ResolvedConfig["expect"]>;
  /** Default `true`. */
  readonly cached?: boolean;
  /** Whether the source is a credential of another library. Default `false`. */
  readonly isForeign?: boolean;
  /** Default: the bounds of the identity. */
  readonly eviction?: Eviction;
}

/** Makes the links of an identity, each with a lookup of its own for the sources that it uses. */
function createPlacement(settings: LinksSettings, find: FindLink) {
  const { context, sources, services, read } = settings;
  const limiterOf = createLimiters();
  const common = settings.createEviction();
  const steps = createAcquisitionSteps(services);
  const nodes = new WeakMap<ClosableLink, LookupNode>();
  return {
    place(
      source: AnySource,
      { given, path, expected = read.config.expect ?? {}, cached = true, isForeign, eviction = common }: Place,
    ): ClosableLink {
      const { name } = source;
      const node: LookupNode = { name, uses: undefined };
      const own: LinkSettings = {
        source,
        context: withLookup(services.store?.contextOf(context, name) ?? context, node, find),
        services,
        eviction,
        path,
        resolveOptions: () => sources.resolve(source, given, path),
        deadlineMs: sources.deadlineMs(name),
        cached: cached && sources.cached(name),
        isForeign,
        limiter: limiterOf(source),
        expected,
        expectedAsWritten: read.written.expect,
      };
      const link = createLink(own, steps);
      nodes.set(link, node);
      return link;
    },
    nodeOf: (link: ClosableLink) => nodes.get(link) as LookupNode,
  };
}

/** The source that a caller names. `path` names the call in errors of its options. */
function calledSource(registry: Registry, name: string, options: unknown) {
  const path = `credential("${name}")`;
  checkNamed(name, options);
  return { source: registry.sourceOutsideChains(name, path), given: options as object | undefined, path };
}

export function createLinks(settings: LinksSettings): Links {
  const { registry } = settings;
  const links = createMemo<ClosableLink>(memoLimit, settings.services.textOf);
  const made = createWeakList<ClosableLink>(); // also those that the memo has dropped and a chain still uses
  let closed: Error | undefined;

  /**
   * For other sources. `expect` is about the tokens that callers get: those of the source that
   * asks.
   */
  const find: FindLink = (name, options, { cached = true } = {}) => {
    const source = registry.sourceOutsideChains(name);
    const link = links.get(["for sources", name, options as object | undefined, cached], ([, , given]) =>
      place(source, { given, path: `sources.${name}`, expected: {}, cached }),
    );
    return { link, node: placement.nodeOf(link) };
  };
  const placement = createPlacement(settings, find);
  const place = (source: AnySource, where: Place): ClosableLink => {
    if (closed !== undefined) throw closed; // a caller had the runtime in hand already
    const link = placement.place(source, where);
    made.add(link);
    return link;
  };

  /**
   * Equal names and options: the same link, so that a sign-in through one credential counts for all
   * of them.
   */
  const shared = (source: AnySource, given: object | undefined, path: string): ClosableLink => {
    const options = Object.keys(given ?? {}).length === 0 ? undefined : given;
    return links.get([source.name, options], ([, own]) => place(source, { given: own, path }));
  };

  return {
    named(name, options) {
      const { source, given, path } = calledSource(registry, name, options);
      return shared(source, given, path);
    },
    own(name, options) {
      const { source, ...where } = calledSource(registry, name, options);
      return place(source, { ...where, eviction: settings.createEviction() });
    },
    at(entry, path) {
      const { credential, subject } = foreignCredential(entry, path);
      if (credential !== undefined)
        return links.get([credential, subject], () =>
          place(foreignSource(credential, subject), { given: undefined, path, isForeign: true }),
        );
      const { source, options } = typeof entry === "string" ? { source: entry } : (entry as NamedEntry);
      return shared(registry.source(source, path), options, path);
    },
    evict(stored) {
      for (const link of made.newestFirst()) link.evict(stored);
    },
    async close(reason) {
      closed = reason;
      await Promise.allSettled(made.newestFirst().map((link) => link.close(reason)));
    },
  };
}
