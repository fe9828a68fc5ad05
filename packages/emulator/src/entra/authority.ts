import type { Clock } from "../clock.ts";
import type { AssertionReplay } from "./client-authentication/assertion-replay.ts";
import { findTenant, type Tenant } from "./directory.ts";
import type { Sessions } from "./sessions.ts";
import type { SigningKey } from "./signing-key.ts";
import { StsError } from "./sts-error.ts";
import type { UserSessions } from "./users/user-sessions.ts";

/** What every endpoint of the authority works with. */
export interface Authority {
  readonly tenants: readonly Tenant[];
  readonly clock: Clock;
  readonly signingKey: SigningKey;
  readonly lifetimes: TokenLifetimes;
  readonly sessions: Sessions;
  readonly userSessions: UserSessions;
  /** The keys of issuers outside of Entra, by URL. */
  readonly issuers: ReadonlyMap<string, SigningKey>;
  readonly assertionReplay: AssertionReplay;
  /** Whether a refresh token is good once only. */
  readonly refusesUsedRefreshTokens: boolean;
  /** Whether a device that asks too often is told to slow down. */
  readonly refusesHastyPolls: boolean;
}

export interface TokenLifetimes {
  /** Seconds until a token expires: the `expires_in` of the answer. */
  readonly tokenLifetime: number;
  /** Seconds after which a client should ask for a new one: `refresh_in`, which is left out if this is. */
  readonly refreshIn: number | undefined;
}

/** Names in the place of a tenant that stand for more than one. */
const sharedNames = new Set(["common", "organizations", "consumers"]);

export function isSharedName(name: string): boolean {
  return sharedNames.has(name.toLowerCase());
}

export function requireTenant({ tenants }: Authority, name: string): Tenant {
  const tenant = findTenant(tenants, name);
  if (tenant !== undefined) return tenant;
  throw isSharedName(name) ? new StsError(50059) : new StsError(90002, { tenant: name });
}
