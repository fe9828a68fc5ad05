import type { JsonObject } from "../../http/message.ts";
import { type AccessTokenRequest, issueAccessToken } from "../access-token.ts";
import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { declaresCae, parseClaims } from "../claims.ts";
import { authenticateClient } from "../client-authentication/authenticate-client.ts";
import { findResource, normalise } from "../resources.ts";
import { readApplicationScope } from "../scope.ts";
import { StsError } from "../sts-error.ts";
import { readField, requireField, type TokenRequest } from "../token-request.ts";

/** The grant `client_credentials`. */
export async function clientCredentials(authority: Authority, request: TokenRequest): Promise<JsonObject> {
  const { tenant, form, origin } = request;
  const scope = requireField(form, "scope");
  const client = await authenticateClient(authority, request);
  const uri = readApplicationScope(scope);
  const resource = findResource(tenant, uri);
  if (resource === undefined) throw new StsError(500011, { resource: uri, tenant: tenant.tenantId });

  return issueAccessToken(authority, {
    tenant,
    client,
    resource,
    origin,
    cae: declaresCae(parseClaims(readField(form, "claims"))),
    subject: describeApplication(client.application, uri),
  });
}

/** Without a role the claim `roles` is omitted, as at Entra. */
function describeApplication({ objectId, roles }: Application, uri: string): AccessTokenRequest["subject"] {
  const [, granted = []] = Object.entries(roles).find(([name]) => normalise(name) === normalise(uri)) ?? [];
  return { idtyp: "app", oid: objectId, sub: objectId, ...(granted.length > 0 ? { roles: granted } : {}) };
}
