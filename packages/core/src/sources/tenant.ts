import type { SourceContext } from "../contract/context.ts";
import { AuthenticationError } from "../contract/errors.ts";
import type { AnySource } from "../contract/plugin.ts";
import { isTenant } from "../contract/tenant.ts";

/** The source's own tenant, from its options, the config or the environment. */
export function homeTenant(source: AnySource, options: unknown, context: SourceContext): string | undefined {
  const own = source.homeTenant?.(options, context) ?? context.defaults.tenantId;
  if (own === undefined || isTenant(own)) return own?.toLowerCase();
  throw new AuthenticationError(`${source.name}: its tenant is neither a directory id nor a domain.`, "misconfigured", {
    code: "invalid-tenant",
    remedy: "Check `tenantId` and AZURE_TENANT_ID for blanks, quotes and line breaks.",
  });
}

/**
 * Whether the tenant that a request names has no say: the platform decides, or AZURE_IDENTITY_DISABLE_MULTITENANTAUTH, the Azure SDKs'
 * switch, binds a service principal to its own.
 */
export function hasOneTenant({ tenants }: AnySource, { env }: SourceContext): boolean {
  return tenants === "ignored" || (tenants === "checked" && env.AZURE_IDENTITY_DISABLE_MULTITENANTAUTH !== undefined);
}

/** Tenants in name only: whoever signs in through one may belong to any. */
const shared = ["common", "organizations", "consumers"];

/** The tenant that a source is asked for: `undefined` for its own, another one when that is allowed. */
export function tenantFor(
  source: AnySource,
  own: string | undefined,
  context: SourceContext,
  asked: string | undefined,
): string | undefined {
  if (hasOneTenant(source, context)) return undefined;
  if (asked === undefined || asked === own) return undefined;
  if (source.tenants === "any") return asked;
  if (source.kind === "interactive" && own !== undefined && shared.includes(own)) return asked;
  const allowed = context.defaults.additionallyAllowedTenants;
  if (allowed.some((tenant) => tenant === "*" || tenant.toLowerCase() === asked)) return asked;
  const known = [own, ...allowed].filter((tenant) => tenant !== undefined).join(", ") || "none";
  throw new AuthenticationError(`${source.name} may not ask the tenant ${asked}; allowed: ${known}.`, "misconfigured", {
    code: "tenant-not-allowed",
    remedy: `Add "${asked}" to \`additionallyAllowedTenants\`.`,
  });
}
