import type { Next } from "../async/compose.ts";
import { endThrottling, noteThrottling, refuseThrottled } from "../cache/throttle.ts";
import type { IssuedToken } from "../contract/token.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";
import { isCurrent } from "./options-reader.ts";
import type { PlacedSource } from "./placed-source.ts";

/** Asks no tenant again before the time that its server named (HTTP 429 with Retry-After). */
export async function honorRetryAfter(
  { reader, tokens }: PlacedSource,
  request: ResolvedRequest,
  next: Next<ResolvedRequest, IssuedToken>,
): Promise<IssuedToken> {
  const { throttle } = tokens;
  refuseThrottled(throttle, request.tenantId);
  try {
    const issued = await next(request);
    if (isCurrent(reader, request)) endThrottling(throttle, request.tenantId);
    return issued;
  } catch (error) {
    if (isCurrent(reader, request)) noteThrottling(throttle, request.tenantId, error);
    throw error;
  }
}
