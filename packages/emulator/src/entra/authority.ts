import type { Clock } from "../clock.ts";
import type { AssertionReplay } from "./client-authentication/assertion-replay.ts";
import { findTenant, type Tenant } from "./directory.ts";
import type { Sessions } from "./sessions.ts";
import type { SigningKey } from "./signing-key.ts";
import { StsError } from "./sts-error.ts";
import type { UserSessions } from "./users/user-sessions.ts";

/** The state that the endpoints of the authority share. */
export interface Authority {
  readonly tenants: readonly Tenant[];
  readonly clock: Clock;
  readonly signingKey: SigningKey;
  readonly lifetimes: TokenLifetimes;
  readonly sessions: Sessions;
  readonly userSessions: UserSessions;
  /** The keys of issuers other than Entra, by issuer URL. */
  readonly issuers: ReadonlyMap<string, SigningKey>;
  readonly assertionReplay: AssertionReplay;
  /** Whether a refresh token is refused after its first use. */
  readonly refusesUsedRefreshTokens: boolean;
  /** Whether a device that polls too often receives `slow_down`. */
  readonly enforcesPollingInterval: boolean;
}

export interface TokenLifetimes {
  /** Seconds until a token expires: `expires_in`. */
  readonly tokenLifetimeSeconds: number;
  /** Seconds after which a client should refresh it: `refresh_in`; `undefined` omits the field. */
  readonly refreshInSeconds: number | undefined;
}

/** Names in the path of the authority that apply to several tenants. */
const sharedNames = new Set(["common", "organizations", "consumers"]);

export function isSharedName(name: string): boolean {
  return sharedNames.has(name.toLowerCase());
}

export function requireTenant({ tenants }: Authority, name: string): Tenant {
  const tenant = findTenant(tenants, name);
  if (tenant !== undefined) return tenant;
  throw isSharedName(name) ? new StsError(50059) : new StsError(90002, { tenant: name });
}
