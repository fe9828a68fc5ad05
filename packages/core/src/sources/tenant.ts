import type { SourceContext } from "../contract/context.ts";
import { AuthenticationError } from "../contract/errors.ts";
import type { AnySource } from "../contract/plugin.ts";

/** The tenant that a source is asked for: its own unless another one was asked for and is allowed. */
export function tenantFor(
  source: AnySource,
  options: unknown,
  context: SourceContext,
  asked: string | undefined,
): string | undefined {
  if (asked === undefined || source.tenants === "ignored") return undefined;
  if (source.tenants === "any") return asked;
  const own = (source.homeTenant?.(options, context) ?? context.defaults.tenantId)?.toLowerCase();
  const allowed = context.defaults.additionallyAllowedTenants;
  if (asked === own || allowed.some((tenant) => tenant === "*" || tenant.toLowerCase() === asked)) return asked;
  const known = [own, ...allowed].filter((tenant) => tenant !== undefined).join(", ") || "none";
  throw new AuthenticationError(`${source.name} may not ask the tenant ${asked}; allowed: ${known}.`, "misconfigured", {
    code: "tenant-not-allowed",
    remedy: `Add "${asked}" to \`additionallyAllowedTenants\`.`,
  });
}
