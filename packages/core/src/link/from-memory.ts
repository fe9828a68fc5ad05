import type { Entry } from "../cache/entry.ts";
import { findToken } from "../cache/memory.ts";
import type { IssuedToken, NormalizedRequest } from "../contract/token.ts";
import { flightKey, type LinkRequest, type LinkStep } from "../token/resolved-request.ts";
import type { TokenState } from "./token-state.ts";

type Asked = Pick<LinkRequest, "tenantId" | "user" | "scopes" | "enableCae" | "callerSignal"> & {
  readonly account: string | undefined;
};

/** Whether a request may be answered with a remembered token at all. */
const mayServe = ({ claims, proofOfPossession }: NormalizedRequest) =>
  claims === undefined && proofOfPossession === undefined;

/** The remembered token of a request, unless it has expired or is another account's. */
function findLiving({ memory, freshness }: TokenState, asked: Asked): Entry | undefined {
  const entry = findToken(memory, asked.tenantId, asked.user, asked.scopes.join(" "), asked.enableCae);
  if (entry === undefined || entry.account !== asked.account) return undefined;
  return freshness.remainingMs(entry) > 0 ? entry : undefined;
}

function serve(
  { freshness, refreshes }: TokenState,
  entry: Entry,
  asked: Asked & { readonly key: string },
  refresh: (signal: AbortSignal) => Promise<IssuedToken>,
): Promise<IssuedToken> {
  entry.used = true;
  if (freshness.isFresh(entry)) return entry.answer;
  const due = { entry, old: entry.token, tenant: asked.tenantId, key: asked.key, refresh };
  return refreshes.staleWhileRevalidate(due, asked.callerSignal);
}

/**
 * Answers from memory. A token whose refresh is due is the answer while one refresh runs beside its
 * callers.
 */
export function createFromMemory(tokens: TokenState): LinkStep {
  return function fromMemory(request, next) {
    const entry = mayServe(request) ? findLiving(tokens, request) : undefined;
    if (entry === undefined) return next(request);
    return serve(tokens, entry, { ...request, key: flightKey(request) }, (signal) =>
      next(Object.freeze({ ...request, background: true, signal })),
    );
  };
}

/** What remembers tokens under the home tenant, and the account of the source now. */
export interface LastKnown {
  readonly isHome: (tenantId: string) => boolean;
  readonly accountState: (() => string | undefined) | undefined;
}

/**
 * Serves what memory holds while the options cannot be read: that is a failed refresh, and fails no
 * caller.
 */
export function createServeDespite(tokens: TokenState, { isHome, accountState }: LastKnown) {
  return (error: unknown, request: LinkRequest): Promise<IssuedToken> | undefined => {
    if (!mayServe(request)) return undefined;
    const { tenantId } = request;
    const own = tenantId === undefined || isHome(tenantId) ? undefined : tenantId;
    const asked = { ...request, tenantId: own, account: accountState?.() };
    const entry = findLiving(tokens, asked);
    const failed = () => Promise.reject(error);
    return entry === undefined ? undefined : serve(tokens, entry, { ...asked, key: flightKey(asked) }, failed);
  };
}
