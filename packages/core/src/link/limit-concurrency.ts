import type { ConcurrencyLimiter } from "../async/limiter.ts";
import type { LinkStep } from "../token/resolved-request.ts";

/**
 * Waits while as many acquisitions of the source run as may run at once, before the deadline
 * begins.
 */
export function createLimitConcurrency(limiter: ConcurrencyLimiter | undefined): LinkStep | undefined {
  if (limiter === undefined) return undefined;
  return function limitConcurrency(request, next) {
    return limiter.run(request.signal, () => next(request));
  };
}
