import type { Next } from "../async/compose.ts";
import type { Entry } from "../cache/entry.ts";
import { findToken, putToken } from "../cache/memory.ts";
import type { AccessToken, IssuedToken } from "../contract/token.ts";
import { accessToken, isKeepable } from "../token/access-token.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";
import { isCurrent, learnFromToken } from "./options-reader.ts";
import { accountOf, type PlacedSource } from "./placed-source.ts";
import { accountChanged, isAnotherAccount, noteAccount } from "./token-state.ts";

function find({ tokens }: PlacedSource, { tenantId, user, scopes, enableCae }: ResolvedRequest): Entry | undefined {
  return findToken(tokens.memory, tenantId, user, scopes.join(" "), enableCae);
}

function mayKeep(
  placed: PlacedSource,
  request: ResolvedRequest,
  issued: IssuedToken,
  before: Entry | undefined,
): boolean {
  const { cached, context, source } = placed;
  if (!cached || request.proofOfPossession !== undefined || !isKeepable(issued, context.clock.now())) return false;
  // another account signed in while the tool ran, or the account is unknown
  if (source.accountState !== undefined && (request.account === undefined || accountOf(placed) !== request.account))
    return false;
  if (request.claims !== undefined) return true;
  const there = find(placed, request);
  const isNewer = there !== undefined && there !== before && there.account === request.account;
  return !isNewer; // it may answer a claims challenge that refused such a token as this
}

function keep({ tokens, services }: PlacedSource, request: ResolvedRequest, issued: IssuedToken, token: AccessToken) {
  const { tenantId: tenant, user, enableCae: cae, account } = request;
  const key = { tenant, user, scope: request.scopes.join(" "), cae };
  putToken(tokens.memory, key, { token, account, ...services.freshness.timesOf(issued) });
}

/**
 * Makes the token that all callers share, and keeps it unless that would undo what has happened
 * meanwhile.
 */
export async function remember(
  placed: PlacedSource,
  request: ResolvedRequest,
  next: Next<ResolvedRequest, IssuedToken>,
): Promise<AccessToken> {
  const { tokens } = placed;
  const { generation } = tokens.memory;
  const [changes, before] = [tokens.accountChanges, find(placed, request)];
  const refusedToken = request.claims === undefined ? undefined : before?.token.token;
  const issued = await next(Object.freeze({ ...request, refusedToken }));
  if (changes !== tokens.accountChanges) throw accountChanged;
  learnFromToken(placed, request, issued.token);
  if (!isCurrent(placed.reader, request)) return accessToken(issued, changes); // for the callers who asked before
  // the first token of another account was what removed the tokens in memory
  const nothingForgotten = generation === tokens.memory.generation || isAnotherAccount(tokens, issued.account);
  noteAccount(tokens, issued.account); // forgets all tokens when it is another one
  const token = accessToken(issued, tokens.accountChanges);
  if (nothingForgotten && mayKeep(placed, request, issued, before)) keep(placed, request, issued, token);
  return token;
}
