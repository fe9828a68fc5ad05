import type { OptionsContext } from "../contract/context.ts";
import type { HomeTenant } from "../contract/source.ts";
import { AuthenticationError } from "../errors/errors.ts";

/** The home tenant as it is configured; `undefined`: none. */
export function homeTenantOf<Options>(
  rule: HomeTenant<Options>,
  options: Options,
  context: OptionsContext,
): string | undefined {
  const { tenantId } = Object(options) as { readonly tenantId?: string | null };
  if (typeof tenantId === "string") return tenantId;
  const configured = tenantId === null ? null : rule.own?.(options, context) || context.defaults.tenantId;
  if (typeof configured === "string") return configured;
  const variable = configured === null ? undefined : rule.variables?.find((name) => context.env[name]);
  return variable === undefined ? rule.otherwise?.(options, context) : context.env[variable];
}

/**
 * Refuses that a source is left without a tenant it cannot do without.
 *
 * @throws {AuthenticationError} `missing-tenant`
 */
export function requireHomeTenant<Options>(
  source: string,
  rule: HomeTenant<Options>,
  options: Options,
  context: OptionsContext,
): void {
  if (!rule.required || context.defaults.tenantId !== null) return;
  if (homeTenantOf(rule, options, context) !== undefined) return;
  throw new AuthenticationError(
    `${source}: it has no tenant, because the config sets \`tenantId: null\`.`,
    "misconfigured",
    {
      code: "missing-tenant",
      remedy: "Give it a `tenantId` of its own under `sources`, or remove the null from the config.",
    },
  );
}
