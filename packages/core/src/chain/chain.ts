import { createFlights, joinFlight, type ShareFlight } from "../async/flights.ts";
import type { AbortSignalLike, AccessToken, GetTokenOptions, NormalizedRequest } from "../contract/token.ts";
import type { Walk } from "../contract/walk.ts";
import { type IdentityError, isIdentityError } from "../errors/errors.ts";
import { decide, endsElection } from "./decide.ts";
import type { Link } from "./link.ts";
import { type WalkResult, type WalkSettings, walkChain } from "./walk.ts";
import { createWinner } from "./winner.ts";

export interface Chain {
  /** The sources, in order. */
  readonly sources: readonly Pick<Link, "name" | "kind">[];
  /** The record of the last walk, not counting `explain`. */
  readonly last: Walk | undefined;
  /** The token of the winner, from memory alone. */
  peek(scopes: string | readonly string[], options?: GetTokenOptions): Promise<AccessToken> | undefined;
  getToken(request: NormalizedRequest, signal?: AbortSignalLike): Promise<AccessToken>;
  /** Walks the chain without reading or writing any cache, and without an election. */
  explain(request: NormalizedRequest, signal: AbortSignal, onAttempt?: WalkSettings["onAttempt"]): Promise<WalkResult>;
}

/**
 * The result of an election, and the key of its request. It has neither token nor error when
 * another election ended first with another winner.
 */
interface Election {
  readonly key: string;
  readonly token: AccessToken | undefined;
  readonly error: IdentityError | undefined;
}

export interface ChainSettings extends WalkSettings {
  /** Called with the record of every election, but not of `explain`. */
  readonly onWalk?: (walk: Walk) => void;
  /** How flights serve requests that are apart. Default: requests are not. */
  readonly share?: ShareFlight | undefined;
}

const keyOf = (request: NormalizedRequest, accounts: string) =>
  JSON.stringify([
    request.scopes,
    request.tenantId,
    request.enableCae,
    request.claims,
    request.proofOfPossession,
    accounts,
  ]);

/**
 * Elects one link by walking the chain, and requests every later token from that link alone. The
 * election is repeated when a developer tool becomes unavailable, and when a host that was silent
 * during the election is found. A deployed winner is never replaced: a production identity that
 * fails must not quietly become another principal.
 */
export function createChain(links: readonly Link[], settings: ChainSettings): Chain {
  const winner = createWinner(settings.clock);
  const elections = createFlights<Election>(settings.share);
  const reviews = createFlights<void>();
  const withAccounts = links.filter(({ accountState }) => accountState !== undefined);
  /**
   * The accounts that the tools of the chain are signed in to now, as one text; empty without
   * tools.
   */
  const accounts = (): string =>
    withAccounts.length === 0 ? "" : JSON.stringify(withAccounts.map((link) => link.accountState?.() ?? null));

  const elect = async (request: NormalizedRequest, key: string, signal: AbortSignal): Promise<Election> => {
    const result = await walkChain(links, request, signal, settings);
    chain.last = result.walk;
    settings.onWalk?.(result.walk);
    if (winner.link !== undefined && result.winner !== undefined && result.winner !== winner.link)
      return { key, token: undefined, error: undefined };
    if (winner.link === undefined && result.winner !== undefined) winner.elect(result.winner, result.silent);
    return { key, token: result.token, error: result.error };
  };

  const callWinner = async (
    current: Link,
    request: NormalizedRequest,
    signal: AbortSignalLike | undefined,
  ): Promise<AccessToken> => {
    try {
      return await current.getToken(request, signal);
    } catch (error) {
      const lost = current.kind === "developer" && isIdentityError(error) && endsElection(error.outcome);
      if (!lost || links.length < 2) throw error;
      const failed = { outcome: error.outcome, state: "ready", isAnswer: false } as const;
      if (decide(failed, current, settings.isNamed, settings.policy) === "stop") throw error;
      if (winner.link === current) {
        winner.drop(current);
        current.forget();
      }
      return getToken(request, signal);
    }
  };

  const getToken = async (request: NormalizedRequest, signal?: AbortSignalLike): Promise<AccessToken> => {
    if (winner.isInDoubt()) await joinFlight(reviews, "review", signal, winner.review);
    if (winner.link !== undefined) return callWinner(winner.link, request, signal);
    // read now, so that this call joins no election that began under another account
    const before = accounts();
    const key = keyOf(request, before);
    for (let waited = false; ; waited = true) {
      if (winner.link !== undefined) return callWinner(winner.link, request, signal);
      // one election for all calls; after one that failed for another request, each request has its
      // own
      const shared = waited ? key : before;
      let isOwn = false;
      const result = await joinFlight(elections, shared, signal, (ended) => {
        isOwn = true;
        return elect(request, key, ended);
      });
      // held for another request: its winner counts here, its failure does not
      if (result.key !== key) continue;
      if (result.error !== undefined) throw result.error;
      // the options may have changed since a running election began, so its winner is called again
      if (isOwn && result.token !== undefined) return result.token;
    }
  };

  const chain: Omit<Chain, "last"> & { last: Walk | undefined } = {
    sources: links,
    last: undefined,
    peek: (scopes, options) => winner.forHits?.peek(scopes, options),
    getToken,
    explain: (request, signal, onAttempt) =>
      walkChain(links, request, signal, { ...settings, isDryRun: true, onAttempt }),
  };
  return chain;
}
