import type { Throttle } from "../cache/throttle.ts";
import type { LinkStep } from "../token/resolved-request.ts";
import type { OptionsReader } from "./options-reader.ts";

/** Asks no tenant again before the time that its server named (HTTP 429 with Retry-After). */
export function createHonorRetryAfter(throttle: Throttle, { isCurrent }: OptionsReader): LinkStep {
  return async function honorRetryAfter(request, next) {
    throttle.check(request.tenantId);
    try {
      const issued = await next(request);
      if (isCurrent(request)) throttle.clear(request.tenantId);
      return issued;
    } catch (error) {
      if (isCurrent(request)) throttle.note(request.tenantId, error);
      throw error;
    }
  };
}
