import type { JsonObject } from "../../http/message.ts";
import { issueAccessToken } from "../access-token.ts";
import type { Authority } from "../authority.ts";
import { declaresCae, parseClaims } from "../claims.ts";
import type { AuthenticatedClient } from "../client-authentication/authenticate-client.ts";
import { issuerOf } from "../clouds.ts";
import { findResource } from "../resources.ts";
import { readUserScope } from "../scope.ts";
import { StsError } from "../sts-error.ts";
import { readField } from "../token-fields.ts";
import { secretCode } from "../user-sessions.ts";
import type { User } from "../users.ts";
import type { GrantRequest } from "./grant.ts";

/** Access, identity and refresh token of a user who has signed in to a client. */
export async function issueUserTokens(
  authority: Authority,
  request: GrantRequest,
  client: AuthenticatedClient,
  user: User,
  scope: string,
): Promise<JsonObject> {
  const { tenant, form, origin } = request;
  const { tenantId } = tenant;
  const { clientId } = client.application;
  const { uri, permissions } = readUserScope(scope);
  const resource = findResource(tenant, uri);
  if (resource === undefined) throw new StsError(500011, { resource: uri, tenant: tenantId });
  const { objectId: oid, username } = user;
  const subject = { idtyp: "user", oid, sub: oid, upn: username, unique_name: username, scp: permissions.join(" ") };
  const cae = declaresCae(parseClaims(readField(form, "claims")));
  const tokens = await issueAccessToken(authority, { tenant, client, resource, origin, cae, subject });

  const refreshToken = secretCode();
  const session = authority.sessions.current(oid).number;
  authority.userSessions.refreshTokens.set(refreshToken, { user, clientId, tenantId, session });
  const now = Math.floor(authority.clock.now() / 1000);
  return {
    ...tokens,
    scope: permissions.map((permission) => `${uri}/${permission}`).join(" "),
    refresh_token: refreshToken,
    id_token: await authority.signingKey.sign({
      aud: clientId,
      iss: issuerOf(origin, tenantId),
      iat: now,
      nbf: now,
      exp: now + authority.lifetimes.tokenLifetime,
      oid,
      sub: oid,
      tid: tenantId,
      name: username,
      preferred_username: username,
      ver: "2.0",
    }),
    client_info: Buffer.from(JSON.stringify({ uid: oid, utid: tenantId })).toString("base64url"),
  };
}
