import { addFlight, type Flights, findFlight, waitForFlight } from "../async/flights.ts";
import type { IssuedToken } from "../contract/token.ts";
import { flightKey, type LinkStep, type ResolvedRequest } from "../token/resolved-request.ts";

/**
 * One acquisition for all equal requests at a time. A caller's signal ends its own wait; when the
 * last waiting caller leaves, the acquisition ends. A refresh is one already, and passes. With
 * `hasAccounts` the source's account can change: while it is unknown, no two requests are equal.
 */
export function createSingleFlight(flights: Flights<IssuedToken>, hasAccounts: boolean): LinkStep {
  let unequal = 0;
  const keyOf = (request: ResolvedRequest): string =>
    hasAccounts && request.account === undefined ? `${unequal++}` : flightKey(request);
  return function singleFlight(request, next) {
    if (request.background) return next(request);
    const key = keyOf(request);
    const running = findFlight(flights, key);
    if (running !== undefined) return waitForFlight(flights, running, request.callerSignal);
    const controller = new AbortController();
    const result = next(Object.freeze({ ...request, signal: controller.signal }));
    return waitForFlight(flights, addFlight(flights, key, controller, result), request.callerSignal);
  };
}
