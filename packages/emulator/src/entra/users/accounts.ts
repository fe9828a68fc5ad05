import type { Tenant } from "../directory.ts";
import type { User } from "./user.ts";

/** A user and their home tenant. */
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

/** A member or guest of the tenant. */
export function findUser(tenant: Tenant, username: string): User | undefined {
  const name = username.trim().toLowerCase();
  return tenant.users.find((user) => user.username.toLowerCase() === name);
}

/** `client_info`: the identifiers of the account in its home tenant. */
export function describeHome({ user, tenant }: Account): string {
  const identifiers = { uid: user.objectId, utid: tenant.tenantId };
  return Buffer.from(JSON.stringify(identifiers)).toString("base64url");
}
