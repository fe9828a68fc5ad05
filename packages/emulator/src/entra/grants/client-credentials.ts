import type { JsonObject } from "../../http/message.ts";
import { type AccessTokenRequest, issueAccessToken } from "../access-token.ts";
import type { Authority } from "../authority.ts";
import { declaresCae, parseClaims } from "../claims.ts";
import { authenticateClient } from "../client-authentication.ts";
import type { Application } from "../directory.ts";
import { findResource, normalise } from "../resources.ts";
import { readApplicationScope } from "../scope.ts";
import { StsError } from "../sts-error.ts";
import { readField, requireField } from "../token-fields.ts";
import type { GrantRequest } from "./grant.ts";

/** An application on its own behalf. */
export async function clientCredentials(authority: Authority, request: GrantRequest): Promise<JsonObject> {
  const { tenant, form, origin } = request;
  const scope = requireField(form, "scope");
  const application = authenticateClient(authority, tenant, form);
  const uri = readApplicationScope(scope);
  const resource = findResource(tenant, uri);
  if (resource === undefined) throw new StsError(500011, { resource: uri, tenant: tenant.tenantId });

  return issueAccessToken(authority, {
    tenant,
    application,
    resource,
    origin,
    cae: declaresCae(parseClaims(readField(form, "claims"))),
    subject: describeApplication(application, uri),
  });
}

/** Without any role the claim is left out, as Entra does. */
function describeApplication({ objectId, roles }: Application, uri: string): AccessTokenRequest["subject"] {
  const [, granted = []] = Object.entries(roles).find(([name]) => normalise(name) === normalise(uri)) ?? [];
  return { idtyp: "app", oid: objectId, sub: objectId, ...(granted.length > 0 ? { roles: granted } : {}) };
}
