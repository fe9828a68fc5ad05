import { outcomeError } from "@azidentity/core/plugin";

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
