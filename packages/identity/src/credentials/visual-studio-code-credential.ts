import { CredentialUnavailableError } from "../errors/errors.ts";
import { checkTenant } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type { MultiTenantTokenCredentialOptions } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of a {@link VisualStudioCodeCredential}. */
export interface VisualStudioCodeCredentialOptions extends MultiTenantTokenCredentialOptions {
  /** Directory (tenant) id or domain. Default: that of the account that is signed in. */
  tenantId?: string;
}

/** The account that is signed in to the extension Azure Resources of Visual Studio Code. */
export class VisualStudioCodeCredential extends Credential {
  constructor(options?: VisualStudioCodeCredentialOptions) {
    super();
    const tenantId = options?.tenantId || undefined;
    checkTenant(tenantId);
    if (tenantId === "adfs")
      throw new CredentialUnavailableError(
        "VisualStudioCodeCredential does not support authentication with ADFS tenants. Name another tenant.",
      );
    signsInBy(
      this,
      { VisualStudioCodeCredential },
      {
        source: "visual-studio-code",
        sourceOptions: { tenantId },
        options,
        shares: false, // a user signs in
        errors: "unavailable",
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
