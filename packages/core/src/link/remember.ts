import type { Entry } from "../cache/entry.ts";
import { findToken, putToken } from "../cache/memory.ts";
import type { Clock } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { accessToken, isKeepable } from "../token/access-token.ts";
import type { LinkStep, ResolvedRequest } from "../token/resolved-request.ts";
import { accountChanged } from "./account-changes.ts";
import type { OptionsReader } from "./options-reader.ts";
import type { TokenState } from "./token-state.ts";

export interface RememberSettings {
  readonly tokens: TokenState;
  readonly reader: OptionsReader;
  readonly clock: Clock;
  /** `false`: tokens go to the callers who wait for them, and are not kept for later ones. */
  readonly remembers: boolean;
  /** The account of a tool now; absent for other sources. */
  readonly accountState: (() => string | undefined) | undefined;
}

/**
 * Makes the token that all callers share, and keeps it unless that would undo what has happened
 * meanwhile.
 */
export function createRemember({ tokens, reader, clock, remembers, accountState }: RememberSettings): LinkStep {
  const { memory, accounts, freshness } = tokens;
  const find = ({ tenantId, user, scopes, enableCae }: ResolvedRequest) =>
    findToken(memory, tenantId, user, scopes.join(" "), enableCae);

  const mayKeep = (request: ResolvedRequest, issued: IssuedToken, before: Entry | undefined): boolean => {
    if (!remembers || request.proofOfPossession !== undefined || !isKeepable(issued, clock.now())) return false;
    // another account signed in while the tool ran, or the account is unknown
    if (accountState !== undefined && (request.account === undefined || accountState() !== request.account))
      return false;
    if (request.claims !== undefined) return true;
    const there = find(request);
    const isNewer = there !== undefined && there !== before && there.account === request.account;
    return !isNewer; // it may answer a claims challenge that refused such a token as this
  };

  return async function remember(request, next) {
    const [generation, changes, before] = [memory.generation, accounts.count, find(request)];
    const refusedToken = request.claims === undefined ? undefined : before?.token.token;
    const issued = await next(Object.freeze({ ...request, refusedToken }));
    if (changes !== accounts.count) throw accountChanged;
    reader.learnFromToken(request, issued.token);
    if (!reader.isCurrent(request)) return accessToken(issued, changes); // for the callers who asked before
    // the first token of another account was what removed the tokens in memory
    const nothingForgotten = generation === memory.generation || accounts.isAnother(issued.account);
    accounts.note(issued.account); // forgets all tokens when it is another one
    const token = accessToken(issued, accounts.count);
    if (nothingForgotten && mayKeep(request, issued, before)) {
      const { tenantId: tenant, user, enableCae: cae, account } = request;
      const key = { tenant, user, scope: request.scopes.join(" "), cae };
      putToken(memory, key, { token, account, ...freshness.timesOf(issued) });
    }
    return token;
  };
}
