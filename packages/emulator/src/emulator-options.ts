import type { TokenLifetimes } from "./entra/authority.ts";
import type { TenantOptions } from "./entra/directory.ts";
import type { HostsOptions } from "./hosts/hosts.ts";

/** The options of `startEmulator`. */
export interface EmulatorOptions {
  /**
   * The tenants. The first application of the first tenant is {@link Emulator.application}.
   * Default: one tenant with one application and random identifiers.
   */
  readonly tenants?: readonly TenantOptions[];
  /** Seconds until an access token expires. Default: 3599. */
  readonly tokenLifetimeSeconds?: number;
  /** The `refresh_in` of token responses, in seconds. Default: the field is omitted. */
  readonly refreshInSeconds?: number;
  /**
   * Whether a client assertion is refused when its identifier (`jti`) was used before. Entra
   * accepts it again, and Microsoft's clients send one assertion until it expires. Default: false.
   */
  readonly refuseReplayedAssertions?: boolean;
  /**
   * Whether a refresh token is refused after its first use. At Entra it remains valid. Default:
   * false.
   */
  readonly refuseUsedRefreshTokens?: boolean;
  /**
   * Whether a device that polls more often than its `interval` receives `slow_down` (RFC 8628,
   * 3.5). Entra does not send it. Default: false.
   */
  readonly enforcePollingInterval?: boolean;
  /**
   * How many requests {@link Emulator.requests} keeps at most; the oldest are removed first. For an
   * emulator that runs for days. Default: all.
   */
  readonly maxRecordedRequests?: number;
  /**
   * The managed-identity hosts to start, such as `{ imds: {}, "app-service": {} }`. Default: none.
   */
  readonly hosts?: HostsOptions;
}

/** Validates the lifetimes of tokens and fills in the defaults. */
export function readLifetimes({ tokenLifetimeSeconds = 3599, refreshInSeconds }: EmulatorOptions): TokenLifetimes {
  for (const [name, value] of Object.entries({ tokenLifetimeSeconds, refreshInSeconds }))
    requirePositive(name, value, " (seconds)");
  return { tokenLifetimeSeconds, refreshInSeconds };
}

/** Validates the size of the journal. */
export function readJournalSize({ maxRecordedRequests }: EmulatorOptions): number | undefined {
  requirePositive("maxRecordedRequests", maxRecordedRequests);
  return maxRecordedRequests;
}

function requirePositive(name: string, value: number | undefined, unit = ""): void {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return;
  throw new RangeError(`\`${name}\` has to be a positive integer${unit}.`);
}
