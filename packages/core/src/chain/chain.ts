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
 * The accounts that the tools among these links are signed in to now, as one text; empty without
 * tools.
 */
function accountsOf(links: readonly Link[]): string {
  const tools = links.filter(({ accountState }) => accountState !== undefined);
  return tools.length === 0 ? "" : JSON.stringify(tools.map((link) => link.accountState?.() ?? null));
}

/**
 * Whether another link may be elected in the place of one that failed: its user may have changed
 * tools.
 */
function losesElection(link: Link, error: unknown, { isNamed, policy }: ChainSettings): boolean {
  if (link.kind !== "developer" || !isIdentityError(error) || !endsElection(error.outcome)) return false;
  const failed = { outcome: error.outcome, state: "ready", isAnswer: false } as const;
  return decide(failed, link, isNamed, policy) === "next";
}

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

  const elect = async (request: NormalizedRequest, key: string, signal: AbortSignal): Promise<Election> => {
    const { walk, winner: found, silent, token, error } = await walkChain(links, request, signal, settings);
    chain.last = walk;
    settings.onWalk?.(walk);
    if (found !== undefined && winner.link === undefined) winner.elect(found, silent);
    const isOvertaken = found !== undefined && winner.link !== found;
    return isOvertaken ? { key, token: undefined, error: undefined } : { key, token, error };
  };

  const callWinner = async (
    current: Link,
    request: NormalizedRequest,
    signal: AbortSignalLike | undefined,
  ): Promise<AccessToken> => {
    try {
      return await current.getToken(request, signal);
    } catch (error) {
      if (links.length < 2 || !losesElection(current, error, settings)) throw error;
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
    const before = accountsOf(links);
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
