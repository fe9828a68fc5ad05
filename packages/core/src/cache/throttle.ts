import type { Clock } from "../contract/system-services.ts";
import { isIdentityError } from "../errors/errors.ts";

/**
 * Tenants of one source that are remembered, the newest ones: each holds the error to throw again.
 */
const maxTenants = 1_000;

/** How long `throttled` is remembered: the server's Retry-After up to `max`, else `default`. */
const throttledMs = { max: 300_000, default: 2_000 };

/**
 * The tenants that have throttled a source. To one source, a tenant is an authority of its own;
 * `undefined` is the source's own.
 */
export interface Throttle {
  readonly clock: Clock;
  /** `undefined`: none has. */
  noted: Map<string | undefined, { readonly error: unknown; readonly untilMono: number }> | undefined;
}

export function createThrottle(clock: Clock): Throttle {
  return { clock, noted: undefined };
}

/** End of the throttling, milliseconds of the monotonic clock; 0: none. */
export function throttledUntil({ noted }: Throttle, tenant: string | undefined): number {
  return noted?.get(tenant)?.untilMono ?? 0;
}

/** Throws the error of the tenant while its throttling lasts. */
export function refuseThrottled(throttle: Throttle, tenant: string | undefined): void {
  const { clock, noted } = throttle;
  if (noted !== undefined && clock.monotonic() < throttledUntil(throttle, tenant)) throw noted.get(tenant)?.error;
}

/** Remembers an error whose outcome is `throttled`; ignores any other. */
export function noteThrottling(throttle: Throttle, tenant: string | undefined, error: unknown): void {
  if (!isIdentityError(error) || error.outcome !== "throttled") return;
  const retryAfterMs = "retryAfterMs" in error ? error.retryAfterMs : undefined;
  const mono = throttle.clock.monotonic();
  throttle.noted ??= new Map();
  const { noted } = throttle;
  for (const [other, one] of noted) if (one.untilMono <= mono) noted.delete(other);
  noted.delete(tenant); // moves it to the end, where the newest are
  if (noted.size >= maxTenants) noted.delete(noted.keys().next().value);
  noted.set(tenant, { error, untilMono: mono + Math.min(retryAfterMs ?? throttledMs.default, throttledMs.max) });
}

/** Forgets the throttling of one tenant. */
export function endThrottling({ noted }: Throttle, tenant: string | undefined): void {
  noted?.delete(tenant);
}
