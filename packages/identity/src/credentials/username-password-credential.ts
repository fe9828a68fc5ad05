import { checkTenant, requireArguments } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of a {@link UsernamePasswordCredential}. */
export interface UsernamePasswordCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/**
 * Signs a user in by a password.
 *
 * @deprecated It fails wherever multi-factor authentication is required.
 */
export class UsernamePasswordCredential extends Credential {
  constructor(
    tenantId: string,
    clientId: string,
    username: string,
    password: string,
    options?: UsernamePasswordCredentialOptions,
  ) {
    super();
    const sourceOptions = { tenantId, clientId, username, password };
    requireArguments("UsernamePasswordCredential", sourceOptions);
    checkTenant(tenantId);
    signsInBy(
      this,
      { UsernamePasswordCredential },
      {
        source: "username-password",
        sourceOptions,
        options,
        shares: false, // a user signs in
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
