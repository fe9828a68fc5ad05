import type { TokenRequest } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { isGuid, isTenant, sharedTenantNames } from "../util/ids.ts";

/**
 * Returns the tenant unchanged if Entra can have it.
 *
 * @param sourceName prefix of error messages
 * @throws {AuthenticationError} `adfs-unsupported`; `invalid-tenant` for a text that would change
 * the URL of a request
 */
export function checkEntraTenant(sourceName: string, tenantId: string): string {
  if (!isTenant(tenantId)) {
    throw outcomeError("misconfigured", `${sourceName}: the tenant is neither a directory id nor a domain.`, {
      code: "invalid-tenant",
      remedy: "Check `tenantId` and AZURE_TENANT_ID.",
    });
  }
  if (tenantId.toLowerCase() === "adfs") {
    throw outcomeError("misconfigured", `${sourceName}: Active Directory Federation Services are not supported.`, {
      code: "adfs-unsupported",
      remedy: "Use an Entra ID tenant, or put a credential of @azure/identity with this tenant into the chain.",
    });
  }
  return tenantId;
}

/**
 * The same for a principal that has no home tenant among many, such as an application.
 *
 * @param sourceName prefix of error messages
 * @throws {AuthenticationError} `shared-tenant` for a name that covers many tenants, and those of
 * `checkEntraTenant`
 */
export function checkApplicationTenant(sourceName: string, tenantId: string): string {
  if (sharedTenantNames.includes(tenantId.toLowerCase())) {
    throw outcomeError("misconfigured", `${sourceName}: an application cannot sign in to "${tenantId}".`, {
      code: "shared-tenant",
      remedy: "Set the id or a domain of one tenant.",
    });
  }
  return checkEntraTenant(sourceName, tenantId);
}

/**
 * Refuses scopes that the client credentials grant does not take: it takes one resource, with every
 * permission that the application was granted there. RFC 6749 section 4.4; AADSTS1002012.
 *
 * @param sourceName prefix of error messages
 * @throws {AuthenticationError} `invalid-scope`
 */
export function checkApplicationScopes(sourceName: string, { scopes }: Pick<TokenRequest, "scopes">): void {
  const [scope, ...others] = scopes;
  if (others.length === 0 && scope.endsWith("/.default")) return;
  throw outcomeError("misconfigured", `${sourceName}: an application cannot request ${scopes.join(" ")}.`, {
    code: "invalid-scope",
    remedy: 'Request one resource at a time, as "<resource>/.default", like "https://vault.azure.net/.default".',
  });
}

/**
 * Throws if a token is for another tenant than the requested one. Tenants that are requested by
 * domain or by a shared name cannot be compared.
 *
 * @param sourceName prefix of error messages
 * @param requested tenant of the request
 * @param issued id of the tenant that issued the token
 * @throws {AuthenticationError} `another-tenant`
 */
export function checkTokenTenant(sourceName: string, requested: string, issued: string): void {
  if (!isGuid(requested) || requested.toLowerCase() === issued.toLowerCase()) return;
  throw outcomeError("rejected", `${sourceName}: the tenant ${requested} was requested, but ${issued} answered.`, {
    code: "another-tenant",
    remedy: "Sign in with an account that is a member or a guest of that tenant.",
  });
}
