import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { findApplication, type Tenant } from "../directory.ts";
import { findResource } from "../resources.ts";
import { readUserScopes, type UserScope } from "../scope.ts";
import { StsError } from "../sts-error.ts";

/**
 * The application of the request. Under a shared name (`tenant` is `undefined`) any tenant may have
 * it.
 */
export function requireClient({ tenants }: Authority, tenant: Tenant | undefined, clientId: string): Application {
  for (const candidate of tenant === undefined ? tenants : [tenant]) {
    const application = findApplication(candidate, clientId);
    if (application !== undefined) return application;
  }
  throw new StsError(700016, { clientId, tenant: tenant?.displayName ?? "of any user" });
}

/** The requested resources; throws for an unknown one. */
export function requireResources(
  { tenants }: Authority,
  tenant: Tenant | undefined,
  scope: string,
): readonly UserScope[] {
  const scopes = readUserScopes(scope);
  const candidates = tenant === undefined ? tenants : [tenant];
  for (const { uri } of scopes) {
    if (candidates.some((candidate) => findResource(candidate, uri) !== undefined)) continue;
    throw new StsError(500011, { resource: uri, tenant: tenant?.displayName ?? "of any user" });
  }
  return scopes;
}
