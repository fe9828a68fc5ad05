import type { SourceContext } from "./context.ts";

/**
 * How a source finds its home tenant: the one it signs in to unless a request names another. First
 * comes its option `tenantId`, then `own`, the config's `tenantId`, `variables`, and last
 * `otherwise`. `tenantId: null` as an option skips the config and the variables; in the config it
 * skips the variables.
 */
export interface HomeTenant<Options = unknown> {
  /**
   * What is stronger than the config, such as a tenant that belongs to a client id found in the
   * environment.
   */
  own?(options: Options, context: SourceContext): string | undefined;
  /**
   * Variables that name it, the first that is set. Applications and pods have `AZURE_TENANT_ID`
   * here, which is the tenant of a service principal; sources of users and of developer tools have
   * none. Default: none.
   */
  readonly variables?: readonly string[];
  /**
   * The tenant where nothing names one. Absent: the source has no home then, and its account
   * decides.
   */
  otherwise?(options: Options, context: SourceContext): string | undefined;
  /**
   * Whether it cannot sign in without: then `tenantId: null` of the config is refused where nothing
   * else names one. Default false.
   */
  readonly required?: boolean;
}
