import { checkTenant, requireArguments } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of a {@link ClientSecretCredential}. */
export interface ClientSecretCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** Signs in an application with a client secret. */
export class ClientSecretCredential extends Credential {
  constructor(tenantId: string, clientId: string, clientSecret: string, options?: ClientSecretCredentialOptions) {
    super();
    requireArguments("ClientSecretCredential", { tenantId, clientId, clientSecret });
    checkTenant(tenantId);
    const sourceOptions = { tenantId, clientId, clientSecret };
    signsInBy(this, { ClientSecretCredential }, { source: "client-secret", sourceOptions, options });
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
