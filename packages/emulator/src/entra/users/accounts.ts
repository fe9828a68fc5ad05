import type { Tenant } from "../directory.ts";
import type { User } from "./user.ts";

/** A person where the password is: whoever signs in, signs in as one. */
export interface Account {
  readonly user: User;
  readonly tenant: Tenant;
}

export function findAccount(tenants: readonly Tenant[], username: string): Account | undefined {
  for (const tenant of tenants) {
    const user = findUser(tenant, username);
    if (user?.password !== undefined) return { user, tenant };
  }
  return undefined;
}

/** Members and guests of a tenant. */
export function findUser(tenant: Tenant, username: string): User | undefined {
  const name = username.trim().toLowerCase();
  return tenant.users.find((user) => user.username.toLowerCase() === name);
}

/** What clients know an account by, whichever tenant they ask: `client_info`. */
export function describeHome({ user, tenant }: Account): string {
  const identifiers = { uid: user.objectId, utid: tenant.tenantId };
  return Buffer.from(JSON.stringify(identifiers)).toString("base64url");
}
