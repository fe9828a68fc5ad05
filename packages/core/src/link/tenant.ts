import type { OptionsContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { HomeTenant } from "../contract/source.ts";
import { AuthenticationError } from "../errors/errors.ts";
import { homeTenantOf, requireHomeTenant } from "../options/home-tenant.ts";
import { requireWellFormed } from "../options/well-formed-variables.ts";
import { isTenant, sharedTenantNames } from "../util/ids.ts";

/**
 * How a source finds its home; `undefined`: it has never heard of one, so the config's tenant is
 * none of its own.
 */
function homeRule({ tenantPolicy, homeTenant }: AnySource): HomeTenant | undefined {
  return homeTenant ?? (tenantPolicy === "allow-list" ? {} : undefined);
}

/** The source's own tenant, in lower case; `undefined`: it has none. */
export function homeTenant(source: AnySource, options: unknown, context: OptionsContext): string | undefined {
  const rule = homeRule(source);
  if (rule === undefined) return undefined;
  requireHomeTenant(source.name, rule, options, context);
  const own = homeTenantOf(rule, options, context);
  if (own === undefined || isTenant(own)) return own?.toLowerCase();
  const { env } = context;
  requireWellFormed(source.name, env, rule.variables?.filter((name) => env[name] === own) ?? []);
  throw new AuthenticationError(`${source.name}: its tenant is neither a directory id nor a domain.`, "misconfigured", {
    code: "invalid-tenant",
    remedy:
      "Write `tenantId` or AZURE_TENANT_ID as the directory (tenant) id or as a domain, such as contoso.onmicrosoft.com; not as a URL or a display name.",
  });
}

/**
 * Whether the tenant that a request names has no say: the platform decides, or
 * AZURE_IDENTITY_DISABLE_MULTITENANTAUTH, the Azure SDKs' switch, binds every source to its own. A
 * source without a home tenant, such as a credential of another library, applies the switch itself.
 */
export function hasOneTenant(source: AnySource, { env }: OptionsContext): boolean {
  if (source.tenantPolicy === "fixed") return true;
  return homeRule(source) !== undefined && env.AZURE_IDENTITY_DISABLE_MULTITENANTAUTH !== undefined;
}

const isEqual = (left: string, right: string) => left === right;

/**
 * The tenant of the request to a source: `undefined` for its own, another one when that is allowed.
 *
 * @param areSame whether two names are known to be those of one tenant
 */
export function tenantFor(
  source: AnySource,
  own: string | undefined,
  context: OptionsContext,
  asked: string | undefined,
  areSame = isEqual,
): string | undefined {
  if (hasOneTenant(source, context)) return undefined;
  if (asked === undefined || (own !== undefined && areSame(asked, own))) return undefined;
  if (source.tenantPolicy === "any" && own === undefined) return asked;
  // an account that signs in through a shared name may belong to any tenant
  if (source.kind !== "deployed" && own !== undefined && sharedTenantNames.includes(own)) return asked;
  const allowed = context.defaults.additionallyAllowedTenants;
  if (allowed.some((tenant) => tenant === "*" || areSame(tenant.toLowerCase(), asked))) return asked;
  const known = [own, ...allowed].filter((tenant) => tenant !== undefined).join(", ") || "none";
  throw new AuthenticationError(`${source.name} may not ask the tenant ${asked}; allowed: ${known}.`, "misconfigured", {
    code: "tenant-not-allowed",
    remedy: `Add "${asked}" to \`additionallyAllowedTenants\`.`,
  });
}
