import { checkSubscription, checkTenant } from "../settings/check-arguments.ts";
import type { MultiTenantTokenCredentialOptions } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";
import { toolToken } from "./tool.ts";

/** Options of an {@link AzureCliCredential}. */
export interface AzureCliCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** Directory (tenant) id or domain. Default: that of the account that is signed in. */
  tenantId?: string;
  /** Milliseconds for one run of the tool. Default 30 000. */
  processTimeoutInMs?: number;
  /** Subscription whose account is used, by id or name. */
  subscription?: string;
}

/** The account that is signed in to the Azure CLI: az login. */
export class AzureCliCredential extends Credential {
  constructor(options?: AzureCliCredentialOptions) {
    super();
    const { tenantId, processTimeoutInMs, subscription } = options ?? {};
    checkTenant(tenantId);
    checkSubscription(subscription);
    signsInBy(
      this,
      { AzureCliCredential },
      {
        source: "azure-cli",
        sourceOptions: {
          tenantId: tenantId || undefined,
          processTimeoutInMs: processTimeoutInMs || undefined,
          subscription: subscription || undefined,
        },
        options,
        errors: "unavailable",
      },
    );
  }

  override async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return toolToken(this, scopes, options);
  }
}
