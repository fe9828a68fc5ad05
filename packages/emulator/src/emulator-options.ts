import type { TokenLifetimes } from "./entra/authority.ts";
import type { TenantOptions } from "./entra/directory.ts";
import type { HostsOptions } from "./hosts/hosts.ts";

export interface EmulatorOptions {
  /** The directory. The first application of the first tenant is the emulator's own. Default: one tenant, all of it inferred. */
  readonly tenants?: readonly TenantOptions[];
  /** Seconds until a token expires. Default: 3599. */
  readonly tokenLifetime?: number;
  /** Seconds after which clients are told to refresh a token (`refresh_in`). Default: they are not told. */
  readonly refreshIn?: number;
  /**
   * Whether a client assertion is refused when its identifier (`jti`) was used before. Entra does not, and Microsoft's own
   * clients send one until it expires. Default: false.
   */
  readonly refuseReplayedAssertions?: boolean;
  /** Whether a refresh token is refused once it was used. At Entra it stays good beside the new one. Default: false. */
  readonly refuseUsedRefreshTokens?: boolean;
  /** Whether a device that asks more often than it was told to is answered `slow_down`. Default: false. */
  readonly refuseHastyPolls?: boolean;
  /** Hosts of managed identities to start beside Entra, such as `{ imds: {}, "app-service": {} }`. Default: none. */
  readonly hosts?: HostsOptions;
}

/** The lifetimes of tokens, checked, with every default filled in. */
export function readLifetimes({ tokenLifetime = 3599, refreshIn }: EmulatorOptions): TokenLifetimes {
  for (const [name, value] of Object.entries({ tokenLifetime, refreshIn })) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new RangeError(`\`${name}\` is a positive, whole number of seconds.`);
    }
  }
  return { tokenLifetime, refreshIn };
}
