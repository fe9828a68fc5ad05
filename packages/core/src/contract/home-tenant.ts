import type { SourceContext } from "./context.ts";
import { AuthenticationError } from "./errors.ts";

/**
 * How a source finds its home tenant: the one it signs in to unless a request names another. First comes its option `tenantId`, then
 * `own`, the config's `tenantId`, `variables`, and last `otherwise`. `tenantId: null` as an option skips the config and the variables;
 * in the config it skips the variables.
 */
export interface HomeTenant<Options = unknown> {
  /** What is stronger than the config, such as a tenant that belongs to a client id found in the environment. */
  own?(options: Options, context: SourceContext): string | undefined;
  /**
   * Variables that name it, the first that is set. Applications and pods have `AZURE_TENANT_ID` here, which is the tenant of a service
   * principal; sources of users and of developer tools have none. Default: none.
   */
  readonly variables?: readonly string[];
  /** The tenant where nothing names one. Absent: the source has no home then, and its account decides. */
  otherwise?(options: Options, context: SourceContext): string | undefined;
  /** Whether it cannot sign in without: then `tenantId: null` of the config is refused where nothing else names one. Default false. */
  readonly required?: boolean;
}

/** The home tenant as it is written; `undefined`: there is none. */
export function homeTenantOf<Options>(
  rule: HomeTenant<Options>,
  options: Options,
  context: SourceContext,
): string | undefined {
  const { tenantId } = Object(options) as { readonly tenantId?: string | null };
  if (typeof tenantId === "string") return tenantId;
  const configured = tenantId === null ? null : rule.own?.(options, context) || context.defaults.tenantId;
  if (typeof configured === "string") return configured;
  const variable = configured === null ? undefined : rule.variables?.find((name) => context.env[name]);
  return variable === undefined ? rule.otherwise?.(options, context) : context.env[variable];
}

/** Refuses that a source is left without a tenant it cannot do without. @throws `missing-tenant` */
export function requireHomeTenant<Options>(
  source: string,
  rule: HomeTenant<Options>,
  options: Options,
  context: SourceContext,
): void {
  if (!rule.required || context.defaults.tenantId !== null) return;
  if (homeTenantOf(rule, options, context) !== undefined) return;
  throw new AuthenticationError(
    `${source}: \`tenantId: null\` of the config leaves it without a tenant.`,
    "misconfigured",
    {
      code: "missing-tenant",
      remedy: "Give it a `tenantId` of its own under `sources`, or take the null out of the config.",
    },
  );
}
