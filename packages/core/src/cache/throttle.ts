import type { Clock } from "../contract/system-services.ts";
import { isIdentityError } from "../errors/errors.ts";

/**
 * Tenants of one source that are remembered, the newest ones: each holds the error to throw again.
 */
const maxTenants = 1_000;

/** How long `throttled` is remembered: the server's Retry-After up to `max`, else `default`. */
const throttledMs = { max: 300_000, default: 2_000 };

/** The tenants that have throttled a source. To one source, a tenant is an authority of its own. */
export interface Throttle {
  /** Throws the error of the tenant while its throttling lasts. */
  check(tenant: string | undefined): void;
  /** End of the throttling, milliseconds of the monotonic clock; 0: none. */
  until(tenant: string | undefined): number;
  /** Remembers an error whose outcome is `throttled`; ignores any other. */
  note(tenant: string | undefined, error: unknown): void;
  clear(tenant: string | undefined): void;
  clearAll(): void;
}

export function createThrottle(clock: Clock): Throttle {
  const noted = new Map<string | undefined, { readonly error: unknown; readonly untilMono: number }>();
  const until: Throttle["until"] = (tenant) => noted.get(tenant)?.untilMono ?? 0;
  const dropExpired = (mono: number): void => {
    for (const [tenant, one] of noted) if (one.untilMono <= mono) noted.delete(tenant);
  };
  return {
    until,
    check(tenant) {
      if (clock.monotonic() < until(tenant)) throw noted.get(tenant)?.error;
    },
    /** Remembers an error whose outcome is `throttled`; ignores any other. */
    note(tenant, error) {
      if (!isIdentityError(error) || error.outcome !== "throttled") return;
      const retryAfterMs = "retryAfterMs" in error ? error.retryAfterMs : undefined;
      const mono = clock.monotonic();
      dropExpired(mono);
      noted.delete(tenant); // moves it to the end, where the newest are
      if (noted.size >= maxTenants) noted.delete(noted.keys().next().value);
      noted.set(tenant, { error, untilMono: mono + Math.min(retryAfterMs ?? throttledMs.default, throttledMs.max) });
    },
    clear: (tenant) => void noted.delete(tenant),
    clearAll: () => noted.clear(),
  };
}
