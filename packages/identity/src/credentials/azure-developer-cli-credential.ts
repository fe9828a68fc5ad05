import { checkTenant } from "../settings/check-arguments.ts";
import type { MultiTenantTokenCredentialOptions } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";
import { toolToken } from "./tool.ts";

/** Options of an {@link AzureDeveloperCliCredential}. */
export interface AzureDeveloperCliCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** Directory (tenant) id or domain. Default: that of the account that is signed in. */
  tenantId?: string;
  /** Milliseconds for one run of the tool. Default 30 000. */
  processTimeoutInMs?: number;
}

/** The account that is signed in to the Azure Developer CLI: azd auth login. */
export class AzureDeveloperCliCredential extends Credential {
  constructor(options?: AzureDeveloperCliCredentialOptions) {
    super();
    const { tenantId, processTimeoutInMs } = options ?? {};
    checkTenant(tenantId);
    signsInBy(
      this,
      { AzureDeveloperCliCredential },
      {
        source: "azure-developer-cli",
        sourceOptions: { tenantId: tenantId || undefined, processTimeoutInMs: processTimeoutInMs || undefined },
        options,
        errors: "unavailable",
      },
    );
  }

  override async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return toolToken(this, scopes, options);
  }
}
