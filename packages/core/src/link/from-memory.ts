import type { Next } from "../async/compose.ts";
import type { Entry } from "../cache/entry.ts";
import { findToken } from "../cache/memory.ts";
import { staleWhileRevalidate } from "../cache/refreshes.ts";
import type { IssuedToken, NormalizedRequest } from "../contract/token.ts";
import { flightKey, type LinkRequest, type ResolvedRequest } from "../token/resolved-request.ts";
import { outcomeOf } from "./call-source.ts";
import { isHome } from "./options-reader.ts";
import { accountOf, type PlacedSource } from "./placed-source.ts";

type Asked = Omit<LinkRequest, "original" | "userAssertion" | "correlationId"> & {
  readonly account: string | undefined;
};

/** Whether a request may be answered with a remembered token at all. */
const mayServe = ({ claims, proofOfPossession }: NormalizedRequest) =>
  claims === undefined && proofOfPossession === undefined;

/** The remembered token of a request, unless it has expired or is another account's. */
function findLiving({ tokens, services }: PlacedSource, asked: Asked): Entry | undefined {
  const entry = findToken(tokens.memory, asked.tenantId, asked.user, asked.scopes.join(" "), asked.enableCae);
  if (entry === undefined || entry.account !== asked.account) return undefined;
  return services.freshness.remainingMs(entry) > 0 ? entry : undefined;
}

/** A refresh that fails beside the callers. */
function reportRefreshFailed({ source: { name }, context, services }: PlacedSource, error: unknown): void {
  // at a level that is off by default: callers get an error when the token is no longer valid
  context.log.info(`${name}: a refresh failed; its token is still valid.`, { error });
  services.events.emit("azidentity:refresh-failed", () => ({ source: name, ...outcomeOf(error) }));
}

function serve(
  placed: PlacedSource,
  entry: Entry,
  asked: Asked,
  refresh: (signal: AbortSignal) => Promise<IssuedToken>,
): Promise<IssuedToken> {
  const { context, services, tokens } = placed;
  const { freshness, random } = services;
  entry.used = true;
  if (freshness.isFresh(entry)) return entry.answer;
  const onRefreshFailed = (error: unknown) => reportRefreshFailed(placed, error);
  const { throttle, refreshes: flights } = tokens;
  const refreshes = { clock: context.clock, random, throttle, freshness, flights, onRefreshFailed };
  const due = { entry, old: entry.token, tenant: asked.tenantId, key: flightKey(asked), refresh };
  return staleWhileRevalidate<IssuedToken>(refreshes, due, asked.callerSignal);
}

/**
 * Answers from memory. A token whose refresh is due is the answer while one refresh runs beside its
 * callers.
 */
export function fromMemory(
  placed: PlacedSource,
  request: ResolvedRequest,
  next: Next<ResolvedRequest, IssuedToken>,
): Promise<IssuedToken> {
  const entry = mayServe(request) ? findLiving(placed, request) : undefined;
  if (entry === undefined) return next(request);
  return serve(placed, entry, request, (signal) => next(Object.freeze({ ...request, background: true, signal })));
}

/**
 * What memory holds while the options cannot be read, because of `error`: that is a failed refresh,
 * and fails no caller.
 */
export function serveDespite(
  placed: PlacedSource,
  error: unknown,
  request: LinkRequest,
): Promise<IssuedToken> | undefined {
  if (!mayServe(request)) return undefined;
  const { tenantId } = request;
  const own = tenantId === undefined || isHome(placed, tenantId) ? undefined : tenantId;
  const asked = { ...request, tenantId: own, account: accountOf(placed) };
  const entry = findLiving(placed, asked);
  return entry === undefined ? undefined : serve(placed, entry, asked, () => Promise.reject(error));
}
