import { type ConcurrencyLimiter, createConcurrencyLimiter } from "../async/limiter.ts";
import type { ChainEntry, CredentialWithSubject } from "../config/define.ts";
import { parseChain } from "../config/parse.ts";
import type { ResolvedConfig } from "../config/references.ts";
import type { SourceOptionsResolver } from "../config/source-options.ts";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { TokenCredentialLike } from "../contract/token.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { createMemo } from "../options/memoize.ts";
import type { Registry } from "../plugins/registry.ts";
import { withGuardedStore } from "../store/plugin-store.ts";
import type { StoredToken } from "../store/store-key.ts";
import { type ClosableLink, createLink } from "./create-link.ts";
import type { LinkServices } from "./placed-source.ts";
import { type FindLink, type LookupNode, withLookup } from "./source-lookup.ts";
import { foreignSource } from "./token-credential-source.ts";
import { createWeakList } from "./weak-list.ts";

/** Credentials of one source with different options that an identity keeps. */
const memoLimit = 1_000;

export interface LinksSettings {
  readonly config: ResolvedConfig;
  readonly registry: Registry;
  readonly context: SourceContext;
  readonly sources: SourceOptionsResolver;
  readonly services: LinkServices;
}

/** The sources of one identity, placed with their options. */
export interface Links {
  /** The link of a source that a caller names; the same one for equal options. */
  named(name: string, options: unknown): ClosableLink;
  /** The link of an entry of a chain. `path`: where it stands, for error messages. */
  at(entry: ChainEntry, path: string): ClosableLink;
  /** Forgets a token with which another process was refused. */
  forgetStored(stored: StoredToken): void;
  close(reason: Error): Promise<void>;
}

/** The credential of another library that an entry holds; `undefined`: it names a source. */
function foreignCredential(entry: ChainEntry, path: string): Partial<CredentialWithSubject> {
  if (typeof entry !== "object") return {};
  if (typeof (entry as Partial<TokenCredentialLike>).getToken === "function")
    return { credential: entry as TokenCredentialLike };
  const { credential, subject } = entry as Partial<CredentialWithSubject>;
  if (subject !== "") return { credential, subject };
  throw new ConfigurationError("invalid-config", "The subject of a credential in a chain is empty.", {
    path: `${path}.subject`,
    remedy: "Name the principal that it signs in as, or leave out the subject: its tokens are then not stored.",
  });
}

export function createLinks(settings: LinksSettings): Links {
  const { registry, context, sources, services } = settings;
  const links = createMemo<ClosableLink>(memoLimit);
  const made = createWeakList<ClosableLink>(); // also those that the memo has dropped and a chain still uses
  let closed: Error | undefined;
  const limiters = new Map<string, ConcurrencyLimiter>();
  const limiterOf = ({ name, maxConcurrency }: AnySource): ConcurrencyLimiter | undefined => {
    if (maxConcurrency !== undefined && !limiters.has(name))
      limiters.set(name, createConcurrencyLimiter(maxConcurrency));
    return limiters.get(name);
  };

  const nodes = new WeakMap<ClosableLink, LookupNode>();

  const place = (
    source: AnySource,
    given: object | undefined,
    path: string,
    { expected = settings.config.expect ?? {}, cached = true } = {},
  ): ClosableLink => {
    if (closed !== undefined) throw closed; // a caller had the runtime in hand already
    const { name } = source;
    const node: LookupNode = { name, uses: new Set() };
    const link = createLink({
      source,
      context: withLookup(withGuardedStore(context, services.store, name), node, find),
      services,
      path,
      resolveOptions: () => sources.resolve(source, given, path),
      deadlineMs: sources.deadlineMs(name),
      cached: cached && sources.cached(name),
      limiter: limiterOf(source),
      expected,
    });
    nodes.set(link, node);
    made.add(link);
    return link;
  };

  /** For other sources. `expect` is about the tokens that callers get: those of the source that asks. */
  const find: FindLink = (name, options, { cached = true } = {}) => {
    const source = registry.sourceOutsideChains(name);
    const given = options as object | undefined;
    const link = links.get(["for sources", name, given, cached], ([, , own]) =>
      place(source, own, `sources.${name}`, { expected: {}, cached }),
    );
    return { link, node: nodes.get(link) as LookupNode };
  };

  /** Equal names and options: the same link, so that a sign-in through one credential counts for all of them. */
  const shared = (source: AnySource, given: object | undefined, path: string): ClosableLink => {
    const options = Object.keys(given ?? {}).length === 0 ? undefined : given;
    return links.get([source.name, options], ([, own]) => place(source, own, path));
  };
  const named = (name: string, given: object | undefined, path: string) =>
    shared(registry.source(name, path), given, path);

  /** What `identity.credential()` names; errors of its options say so. */
  const inCode = (name: string, options: unknown): ClosableLink => {
    const path = `credential("${name}")`;
    parseChain([{ source: name, options }], path);
    return shared(registry.sourceOutsideChains(name, path), options as object | undefined, path);
  };

  return {
    named: inCode,
    at(entry, path) {
      if (typeof entry === "string") return named(entry, undefined, path);
      const { credential, subject } = foreignCredential(entry, path);
      if (credential !== undefined)
        return links.get([credential, subject], () => place(foreignSource(credential, subject), undefined, path));
      const { source, options } = entry as { readonly source: string; readonly options?: object };
      return named(source, options, path);
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
