import { type HomeTenant, homeTenantOf, type OptionsContext, type TokenRequest } from "@azidentity/core/plugin";

export interface TenantOption {
  readonly tenantId?: string | null | undefined;
}

export const tenantOption = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Tenant of the token, by id or domain. Default: the config's `tenantId`, else the program's own; null ignores the config's.",
  },
} as const;

/** AZURE_TENANT_ID is ignored: it names the tenant of a service principal. */
export const homeTenant: HomeTenant<TenantOption> = {};

/** The tenant to ask for; `undefined`: the program's own. */
export function wantedTenant(
  options: TenantOption,
  context: OptionsContext,
  { tenantId }: Pick<TokenRequest, "tenantId">,
): string | undefined {
  return tenantId ?? homeTenantOf(homeTenant, options, context);
}
