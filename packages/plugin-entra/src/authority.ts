import { type Cloud, outcomeError } from "@azidentity/core/plugin";

/** Names that stand for many tenants: a user has a home among them, an application has not. */
const sharedNames = ["common", "organizations", "consumers"];

/** The tenant as it is, if it is one of Entra's. */
export function checkEntraTenant(who: string, tenantId: string): string {
  if (tenantId.toLowerCase() === "adfs") {
    throw outcomeError("misconfigured", `${who}: Active Directory Federation Services are not supported.`, {
      code: "adfs-unsupported",
      remedy:
        "Give a tenant of Entra, or put a credential of another library into the chain, such as one of @azure/identity with this tenant.",
    });
  }
  return tenantId;
}

/** The same, if an application can sign in to it. */
export function checkApplicationTenant(who: string, tenantId: string): string {
  if (sharedNames.includes(tenantId.toLowerCase())) {
    throw outcomeError("misconfigured", `${who}: an application cannot sign in to "${tenantId}".`, {
      code: "shared-tenant",
      remedy: "Give the id or a domain of one tenant.",
    });
  }
  return checkEntraTenant(who, tenantId);
}

/** Where tokens of a tenant are asked for. */
export function tokenEndpoint({ authorityHost }: Pick<Cloud, "authorityHost">, tenantId: string): string {
  return openIdDocument(`${authorityHost}/${tenantId}`).token_endpoint;
}

/**
 * The part of a tenant's OpenID document that MSAL reads. The paths are the same in every cloud and for every tenant, so the document
 * is written instead of fetched: that saves a request, and no document can send a secret to another host.
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
