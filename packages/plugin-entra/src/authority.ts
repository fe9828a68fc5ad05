import { type Cloud, outcomeError } from "@azidentity/core/plugin";

/**
 * Authority names that cover many tenants. A user has a home tenant among them, an application has
 * not.
 */
const sharedTenantNames = ["common", "organizations", "consumers"];

/** Returns the tenant unchanged; throws `adfs-unsupported` for AD FS. */
export function checkEntraTenant(sourceName: string, tenantId: string): string {
  if (tenantId.toLowerCase() === "adfs") {
    throw outcomeError("misconfigured", `${sourceName}: Active Directory Federation Services are not supported.`, {
      code: "adfs-unsupported",
      remedy:
        "Use a Microsoft Entra tenant, or put a credential of another library into the chain, such as one of @azure/identity with this tenant.",
    });
  }
  return tenantId;
}

/** The same for an application; also throws `shared-tenant` for names that cover many tenants. */
export function checkApplicationTenant(sourceName: string, tenantId: string): string {
  if (sharedTenantNames.includes(tenantId.toLowerCase())) {
    throw outcomeError("misconfigured", `${sourceName}: an application cannot sign in to "${tenantId}".`, {
      code: "shared-tenant",
      remedy: "Set the id or a domain of one tenant.",
    });
  }
  return checkEntraTenant(sourceName, tenantId);
}

/** URL of a tenant's token endpoint. */
export function tokenEndpoint({ authorityHost }: Pick<Cloud, "authorityHost">, tenantId: string): string {
  return openIdDocument(`${authorityHost}/${tenantId}`).token_endpoint;
}

/**
 * The part of a tenant's OpenID configuration that MSAL reads. Its paths are the same in every
 * cloud and for every tenant, so it is built here instead of fetched: that saves a request, and no
 * fetched document can redirect a secret to another host.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints
 *
 * @param authority `https://host/tenant`
 */
export function openIdDocument(authority: string) {
  return {
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
  };
}
