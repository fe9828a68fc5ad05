import type { Flights } from "../async/flights.ts";
import type { IssuedToken } from "../contract/token.ts";
import { flightKey, type LinkStep } from "../token/resolved-request.ts";

/**
 * One acquisition for all equal requests at a time. A caller's signal ends its own wait; when the
 * last waiting caller leaves, the acquisition ends. A refresh is one already, and passes.
 */
export function createSingleFlight(flights: Flights<IssuedToken>): LinkStep {
  return function singleFlight(request, next) {
    if (request.background) return next(request);
    const key = flightKey(request);
    const running = flights.find(key);
    if (running !== undefined) return flights.wait(running, request.callerSignal);
    const controller = new AbortController();
    const result = next(Object.freeze({ ...request, signal: controller.signal }));
    return flights.wait(flights.add(key, controller, result), request.callerSignal);
  };
}
