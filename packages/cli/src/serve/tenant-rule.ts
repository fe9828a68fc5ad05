import { principalOf, type TokenCredential } from "@azidentity/core";

/** Whether a client may name a tenant when it asks for these scopes. */
export type TenantRule = (tenantId: string, scopes: readonly string[]) => Promise<boolean>;

/**
 * A client may name the tenant that it would get a token of without naming one, and those of
 * `allowed`. The user of a tool like the Azure CLI is often known in many tenants; the relay does
 * not make its clients known there.
 */
export function createTenantRule(credential: TokenCredential, allowed: readonly string[]): TenantRule {
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  return async (tenantId, scopes) => {
    const name = tenantId.toLowerCase();
    if (names.has(name)) return true;
    const own = principalOf(await credential.getToken([...scopes])).tenantId;
    return own !== undefined && own.toLowerCase() === name;
  };
}
