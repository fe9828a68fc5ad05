import { requireTenant } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type { AuthorityValidationOptions, MultiTenantTokenCredentialOptions } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of an {@link AuthorizationCodeCredential}. */
export interface AuthorizationCodeCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    AuthorityValidationOptions {}

/** Redeems the authorization code that a web application received from the sign-in page. */
export class AuthorizationCodeCredential extends Credential {
  constructor(
    tenantId: string | "common",
    clientId: string,
    clientSecret: string,
    authorizationCode: string,
    redirectUri: string,
    options?: AuthorizationCodeCredentialOptions,
  );
  constructor(
    tenantId: string | "common",
    clientId: string,
    authorizationCode: string,
    redirectUri: string,
    options?: AuthorizationCodeCredentialOptions,
  );
  constructor(
    tenantId: string | "common",
    clientId: string,
    clientSecretOrAuthorizationCode: string,
    authorizationCodeOrRedirectUri: string,
    redirectUriOrOptions?: string | AuthorizationCodeCredentialOptions,
    options?: AuthorizationCodeCredentialOptions,
  ) {
    super();
    requireTenant(tenantId);
    const isConfidential = typeof redirectUriOrOptions === "string";
    const code = isConfidential
      ? {
          clientSecret: clientSecretOrAuthorizationCode,
          authorizationCode: authorizationCodeOrRedirectUri,
          redirectUri: redirectUriOrOptions,
        }
      : { authorizationCode: clientSecretOrAuthorizationCode, redirectUri: authorizationCodeOrRedirectUri };
    signsInBy(
      this,
      { AuthorizationCodeCredential },
      {
        source: "authorization-code",
        sourceOptions: { tenantId, clientId, ...code },
        options: isConfidential ? options : redirectUriOrOptions,
        shares: false, // a code is redeemed once
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
