import { CredentialUnavailableError } from "../errors/errors.ts";
import { checkTenant, requireArguments } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import { readVariables } from "../shared/environment.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of an {@link AzurePipelinesCredential}. */
export interface AzurePipelinesCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

const className = "AzurePipelinesCredential";

/** Signs in the application of a service connection of Azure Pipelines. */
export class AzurePipelinesCredential extends Credential {
  constructor(
    tenantId: string,
    clientId: string,
    serviceConnectionId: string,
    systemAccessToken: string,
    options?: AzurePipelinesCredentialOptions,
  ) {
    super();
    const sourceOptions = { clientId, tenantId, serviceConnectionId, systemAccessToken };
    requireArguments(`${className}: is unavailable`, sourceOptions);
    checkTenant(tenantId);
    if (!readVariables().SYSTEM_OIDCREQUESTURI)
      throw new CredentialUnavailableError(
        `${className}: is unavailable. The variable SYSTEM_OIDCREQUESTURI is missing: run this in a job of Azure Pipelines.`,
      );
    signsInBy(this, { AzurePipelinesCredential }, { source: "azure-pipelines", sourceOptions, options });
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
