import type { AuthorityValidationOptions, MultiTenantTokenCredentialOptions } from "../types/options.ts";

/** Variables that {@link DefaultAzureCredentialOptions.requiredEnvVars} may name. */
export type DefaultAzureCredentialEnvVars =
  | "AZURE_TOKEN_CREDENTIALS"
  | "AZURE_CLIENT_ID"
  | "AZURE_TENANT_ID"
  | "AZURE_CLIENT_SECRET"
  | "AZURE_CLIENT_CERTIFICATE_PATH"
  | "AZURE_CLIENT_CERTIFICATE_PASSWORD"
  | "AZURE_ADDITIONALLY_ALLOWED_TENANTS"
  | "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"
  | "AZURE_FEDERATED_TOKEN_FILE";

/**
 * Which credentials are in the chain. Not in `@azure/identity`; named as in Azure.Identity for
 * .NET.
 */
export interface DefaultAzureCredentialSelectionOptions {
  /** Leaves out the environment's service principal. Default `false`. */
  excludeEnvironmentCredential?: boolean;
  /** Leaves out the workload identity. Default `false`. */
  excludeWorkloadIdentityCredential?: boolean;
  /** Leaves out the managed identity. Default `false`. */
  excludeManagedIdentityCredential?: boolean;
  /** Leaves out Visual Studio Code. Default `false`. */
  excludeVisualStudioCodeCredential?: boolean;
  /** Leaves out the Azure CLI. Default `false`. */
  excludeAzureCliCredential?: boolean;
  /** Leaves out Azure PowerShell. Default `false`. */
  excludeAzurePowerShellCredential?: boolean;
  /** Leaves out the Azure Developer CLI. Default `false`. */
  excludeAzureDeveloperCliCredential?: boolean;
  /** Leaves out the account broker of the operating system. Default `false`. */
  excludeBrokerCredential?: boolean;
  /**
   * Adds a sign-in in the browser at the end, unless AZURE_TOKEN_CREDENTIALS is `prod` or has
   * names. Default `false`.
   */
  includeInteractiveBrowserCredential?: boolean;
}

/** Options of a {@link DefaultAzureCredential}. */
export interface DefaultAzureCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    AuthorityValidationOptions,
    DefaultAzureCredentialSelectionOptions {
  /**
   * Directory (tenant) id or domain for workload identity and developers. Default: that of each.
   */
  tenantId?: string;
  /** Milliseconds for one run of a developer tool. Default 30 000. */
  processTimeoutInMs?: number;
  /** Variables that have to be set; the constructor throws if one is not. Default: none. */
  requiredEnvVars?: DefaultAzureCredentialEnvVars | DefaultAzureCredentialEnvVars[];
}

/** Options with client ids. */
export interface DefaultAzureCredentialClientIdOptions extends DefaultAzureCredentialOptions {
  /**
   * Client id of the managed identity. Default: AZURE_CLIENT_ID, else the system-assigned identity.
   */
  managedIdentityClientId?: string;
  /**
   * Client id of the workload identity. Default: `managedIdentityClientId`, else AZURE_CLIENT_ID.
   */
  workloadIdentityClientId?: string;
}

/** Options with a resource id. */
export interface DefaultAzureCredentialResourceIdOptions extends DefaultAzureCredentialOptions {
  /** Resource id of the managed identity: `/subscriptions/...`. */
  managedIdentityResourceId: string;
}
