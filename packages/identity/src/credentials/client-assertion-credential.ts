import { checkTenant, requireArguments } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/instance.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of a {@link ClientAssertionCredential}. */
export interface ClientAssertionCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** Signs in an application with assertions that a function of the program returns. */
export class ClientAssertionCredential extends Credential {
  constructor(
    tenantId: string,
    clientId: string,
    getAssertion: () => Promise<string>,
    options?: ClientAssertionCredentialOptions,
  ) {
    super();
    requireArguments("ClientAssertionCredential", { tenantId, clientId, getAssertion });
    checkTenant(tenantId);
    signsInBy(this, ClientAssertionCredential, {
      source: "client-assertion",
      sourceOptions: { tenantId, clientId, getAssertion },
      options,
      shares: false, // only the program knows whether two functions return assertions of one principal
    });
  }

  override async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
