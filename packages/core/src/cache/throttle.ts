import type { Clock } from "../contract/system-services.ts";
import { isIdentityError } from "../errors/errors.ts";

/**
 * Tenants of one source that are remembered, the newest: each holds the error that is thrown again.
 */
const maxTenants = 1_000;

/** How long `throttled` is remembered: what the server said, at most this; or this little when it said nothing. */
const pause = { most: 300_000, unsaid: 2_000 };

/** Who asked to come back later, by tenant, which is what an authority is to one source. */
export interface Throttle {
  /** Throws what was said, while it holds. */
  check(tenant: string | undefined): void;
  /** Until when it holds, monotonic milliseconds; 0: it does not. */
  until(tenant: string | undefined): number;
  note(tenant: string | undefined, error: unknown): void;
  clear(tenant: string | undefined): void;
  clearAll(): void;
}

export function createThrottle(clock: Clock): Throttle {
  const said = new Map<string | undefined, { readonly error: unknown; readonly untilMono: number }>();
  const until: Throttle["until"] = (tenant) => said.get(tenant)?.untilMono ?? 0;
  const dropOver = (mono: number): void => {
    for (const [tenant, one] of said) if (one.untilMono <= mono) said.delete(tenant);
  };
  return {
    until,
    check(tenant) {
      if (clock.monotonic() < until(tenant)) throw said.get(tenant)?.error;
    },
    note(tenant, error) {
      if (!isIdentityError(error) || error.outcome !== "throttled") return;
      const asked = "retryAfterMs" in error ? error.retryAfterMs : undefined;
      const mono = clock.monotonic();
      dropOver(mono);
      said.delete(tenant); // to the end, which is the newest
      if (said.size >= maxTenants) said.delete(said.keys().next().value);
      said.set(tenant, { error, untilMono: mono + Math.min(asked ?? pause.unsaid, pause.most) });
    },
    clear: (tenant) => void said.delete(tenant),
    clearAll: () => said.clear(),
  };
}
