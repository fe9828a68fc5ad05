import { CredentialUnavailableError } from "../errors/errors.ts";
import { checkTenant } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type { AuthorityValidationOptions, MultiTenantTokenCredentialOptions } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, ownVariables, signsInBy } from "./base.ts";
import { checkTokenProxy } from "./token-proxy.ts";

/** Options of a {@link WorkloadIdentityCredential}. */
export interface WorkloadIdentityCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    AuthorityValidationOptions {
  /** Directory (tenant) id. Default: AZURE_TENANT_ID. */
  tenantId?: string;
  /** Client id of the application or the managed identity. Default: AZURE_CLIENT_ID. */
  clientId?: string;
  /** File with the cluster's token. Default: AZURE_FEDERATED_TOKEN_FILE. */
  tokenFilePath?: string;
  /** Whether to use the token proxy of AKS identity bindings. Default `false`. */
  enableAzureProxy?: boolean;
}

const className = "WorkloadIdentityCredential";

/**
 * Throws for what neither an option nor a variable names.
 *
 * @param known what `@azure/identity` calls it in its message
 */
function requireValue(value: string | undefined, option: string, variable: string, known = option): void {
  if (!value)
    throw new CredentialUnavailableError(
      `${className}: is unavailable. ${known} is a required parameter. Pass ${option}, or set ${variable}.`,
    );
}

/** Signs a pod of Kubernetes in as the application or identity of its service account. */
export class WorkloadIdentityCredential extends Credential {
  constructor(options?: WorkloadIdentityCredentialOptions) {
    super();
    const variables = ownVariables();
    const tenantId = options?.tenantId || variables.AZURE_TENANT_ID;
    const clientId = options?.clientId || variables.AZURE_CLIENT_ID;
    const tokenFilePath = options?.tokenFilePath || variables.AZURE_FEDERATED_TOKEN_FILE;
    checkTenant(tenantId);
    requireValue(clientId, "clientId", "AZURE_CLIENT_ID");
    requireValue(tenantId, "tenantId", "AZURE_TENANT_ID");
    requireValue(tokenFilePath, "tokenFilePath", "AZURE_FEDERATED_TOKEN_FILE", "federatedTokenFilePath");
    const enableAzureProxy = options?.enableAzureProxy === true;
    if (enableAzureProxy) checkTokenProxy(variables);
    const sourceOptions = { tenantId, clientId, tokenFilePath, enableAzureProxy };
    signsInBy(this, { WorkloadIdentityCredential }, { source: "workload-identity", sourceOptions, options, variables });
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
