import { callerAborted } from "../async/abort.ts";
import { createFlights } from "../async/flights.ts";
import type { AbortSignalLike, AccessToken, GetTokenOptions, NormalizedRequest } from "../contract/token.ts";
import type { Walk } from "../contract/walk.ts";
import { type IdentityError, isIdentityError } from "../errors/errors.ts";
import type { Link } from "./link.ts";
import { decide, isUnavailable } from "./outcomes.ts";
import { type WalkSettings, walkChain } from "./walk.ts";
import { createWinner } from "./winner.ts";

export interface Chain {
  /** The walk that really happened last. */
  readonly last: Walk | undefined;
  /** Names the accounts that the tools in the chain are signed in to now; empty without tools. */
  accounts(): string;
  peek(scopes: string | readonly string[], options?: GetTokenOptions): Promise<AccessToken> | undefined;
  getToken(request: NormalizedRequest, signal?: AbortSignalLike): Promise<AccessToken>;
  /** A walk past every cache, which changes nothing. */
  explain(request: NormalizedRequest, signal: AbortSignal): Promise<Walk>;
}

/** What came of an election, and for whose request it was held. Neither token nor error: another one ended first with another winner. */
interface Election {
  readonly key: string;
  readonly token: AccessToken | undefined;
  readonly error: IdentityError | undefined;
}

export interface ChainSettings extends WalkSettings {
  /** Receives the record of every election, not of what `explain` does. */
  readonly onWalk?: (walk: Walk) => void;
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
 * Elects one link and asks it alone from then on. A developer tool that becomes unavailable is re-elected, and so is one that answered in
 * place of a host that was silent, once that host is there; a deployed winner never is, because a production identity that fails must not
 * quietly become another principal.
 */
export function createChain(links: readonly Link[], settings: ChainSettings): Chain {
  const winner = createWinner(settings.clock);
  const elections = createFlights<Election>();
  const reviews = createFlights<void>();
  let last: Walk | undefined;
  const withAccounts = links.filter(({ accountState }) => accountState !== undefined);
  const accounts = (): string =>
    withAccounts.length === 0 ? "" : JSON.stringify(withAccounts.map((link) => link.accountState?.() ?? null));

  const elect = async (request: NormalizedRequest, key: string, signal: AbortSignal): Promise<Election> => {
    const result = await walkChain(links, request, signal, settings);
    last = result.walk;
    settings.onWalk?.(result.walk);
    if (winner.link !== undefined && result.winner !== undefined && result.winner !== winner.link)
      return { key, token: undefined, error: undefined };
    if (winner.link === undefined && result.winner !== undefined) winner.elect(result.winner, result.silent);
    return { key, token: result.token, error: result.error };
  };

  const askWinner = async (
    current: Link,
    request: NormalizedRequest,
    signal: AbortSignalLike | undefined,
  ): Promise<AccessToken> => {
    try {
      return await current.getToken(request, signal);
    } catch (error) {
      const lost = current.kind === "developer" && isIdentityError(error) && isUnavailable(error.outcome);
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
    if (winner.isInDoubt()) await reviews.join("review", signal, winner.review);
    if (winner.link !== undefined) return askWinner(winner.link, request, signal);
    // looked at now, so that this call joins no election that began under another account
    const before = accounts();
    const key = keyOf(request, before);
    for (let waited = false; ; waited = true) {
      if (signal?.aborted) throw callerAborted();
      if (winner.link !== undefined) return askWinner(winner.link, request, signal);
      // one election for all calls; after one that failed for another token, each token has its own
      const shared = waited ? key : before;
      const running = elections.find(shared);
      const controller = new AbortController();
      const held = running ?? elections.add(shared, controller, elect(request, key, controller.signal));
      const result = await elections.wait(held, signal);
      if (result.key !== key) continue; // held for another token: its failure says nothing here, its winner does
      if (result.error !== undefined) throw result.error;
      // the options may have changed since a running election began, so its winner is asked again
      if (running === undefined && result.token !== undefined) return result.token;
    }
  };

  return {
    get last() {
      return last;
    },
    accounts,
    peek: (scopes, options) => winner.forHits?.peek(scopes, options),
    getToken,
    async explain(request, signal) {
      return (await walkChain(links, request, signal, settings, true)).walk;
    },
  };
}
