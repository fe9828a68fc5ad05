import type { Next } from "../async/compose.ts";
import { joinFlight } from "../async/flights.ts";
import type { IssuedToken } from "../contract/token.ts";
import { flightKey, type ResolvedRequest } from "../token/resolved-request.ts";
import type { PlacedSource } from "./placed-source.ts";

/** While the account of a source is unknown, no two requests are equal. */
function keyOf({ source, tokens }: PlacedSource, request: ResolvedRequest): string {
  const isUnknown = source.accountState !== undefined && request.account === undefined;
  return isUnknown ? `${tokens.unequal++}` : flightKey(request);
}

/**
 * One acquisition for all equal requests at a time. A caller's signal ends its own wait; when the
 * last waiting caller leaves, the acquisition ends. A refresh is one already, and passes.
 */
export function singleFlight(
  placed: PlacedSource,
  request: ResolvedRequest,
  next: Next<ResolvedRequest, IssuedToken>,
): Promise<IssuedToken> {
  if (request.background) return next(request);
  return joinFlight(placed.tokens.flights, keyOf(placed, request), request.callerSignal, (signal) =>
    next(Object.freeze({ ...request, signal })),
  );
}
