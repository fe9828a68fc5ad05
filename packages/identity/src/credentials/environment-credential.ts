import { logger } from "../logging/logger.ts";
import { checkTenant } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import { readVariables } from "../shared/environment.ts";
import type { AuthorityValidationOptions, MultiTenantTokenCredentialOptions } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";
import { classOfPrincipal, completePrincipal } from "./environment-principal.ts";

/** Options of an {@link EnvironmentCredential}. */
export interface EnvironmentCredentialOptions extends MultiTenantTokenCredentialOptions, AuthorityValidationOptions {}

/** The variables that it reads, in the order in which the log lists them. */
const ownVariables = [
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_USERNAME",
  "AZURE_PASSWORD",
  "AZURE_ADDITIONALLY_ALLOWED_TENANTS",
  "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
];

/**
 * Signs in the application that AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or
 * AZURE_CLIENT_CERTIFICATE_PATH name; with AZURE_USERNAME and AZURE_PASSWORD, a user. The variables
 * are read when it is made.
 */
export class EnvironmentCredential extends Credential {
  constructor(options?: EnvironmentCredentialOptions) {
    super();
    const variables = completePrincipal(readVariables());
    checkTenant(variables.AZURE_TENANT_ID);
    const found = ownVariables.filter((name) => variables[name]);
    logger.info(`EnvironmentCredential => Found the following environment variables: ${found.join(", ")}`);
    signsInBy(
      this,
      { EnvironmentCredential },
      {
        source: "environment",
        sourceOptions: {},
        options,
        variables,
        chosen: classOfPrincipal(variables),
        errors: "environment",
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
