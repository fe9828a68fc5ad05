import type { JsonObject } from "../../http/message.ts";
import { issueAccessToken, issuerOfTenant } from "../access-token.ts";
import { findUser, homeIdentifiers } from "../accounts.ts";
import { type Authentication, describeForPolicies, isRevoked } from "../authentication.ts";
import type { Authority } from "../authority.ts";
import { declaresCae, demandedContexts, parseClaims } from "../claims.ts";
import type { AuthenticatedClient } from "../client-authentication/authenticate-client.ts";
import { issuerOf } from "../clouds.ts";
import { findResource } from "../resources.ts";
import { readUserScope } from "../scope.ts";
import { secretCode } from "../secret-code.ts";
import { StsError } from "../sts-error.ts";
import { readField } from "../token-fields.ts";
import type { User } from "../users.ts";
import type { GrantRequest } from "./grant.ts";

/** Seconds that a refresh token is good for: 90 days. */
const refreshTokenLifetime = 90 * 24 * 60 * 60;

export interface SignedInRequest extends GrantRequest {
  readonly client: AuthenticatedClient;
  readonly authentication: Authentication;
  readonly scope: string;
  /** What was asked for when the user signed in; the request for tokens may ask for something else. */
  readonly claims?: JsonObject;
  readonly nonce?: string | undefined;
}

/** Access, identity and refresh token of a user who has signed in to a client, unless a policy or a missing consent is in the way. */
export async function issueUserTokens(authority: Authority, request: SignedInRequest): Promise<JsonObject> {
  const { tenant, form, origin, client, authentication, scope } = request;
  const { application } = client;
  const { account, secondFactor } = authentication;
  if (isRevoked(authority, authentication)) throw new StsError(50173);
  const user = findUser(tenant, account.user.username);
  if (user === undefined) throw new StsError(50020, { user: account.user.username, tenant: tenant.tenantId });
  const asked = readUserScope(scope);
  const { uri, permissions } = asked;
  const resource = findResource(tenant, uri);
  if (resource === undefined) throw new StsError(500011, { resource: uri, tenant: tenant.tenantId });
  const { conditionalAccess, consents } = authority.userSessions;
  const asksAgain = readField(form, "claims");
  const claims = asksAgain === undefined ? (request.claims ?? {}) : parseClaims(asksAgain);
  if (consents.missing(account.user, application, [asked]).length > 0) {
    throw new StsError(65001, { clientId: application.clientId });
  }
  const whom = describeForPolicies(authentication);
  conditionalAccess.check({ ...whom, clientId: application.clientId, resources: [uri], claims });

  const contexts = demandedContexts(claims);
  const subject = {
    idtyp: "user",
    ...describeUser(user, account.user.displayName),
    upn: user.username,
    unique_name: user.username,
    scp: permissions.join(" "),
    amr: secondFactor ? ["pwd", "mfa"] : ["pwd"],
    sid: authentication.sid,
    ...(contexts.length > 0 ? { acrs: contexts } : {}),
    ...(account.tenant === tenant ? {} : { idp: issuerOfTenant(account.tenant.tenantId) }),
  };
  const cae = declaresCae(claims);
  const tokens = await issueAccessToken(authority, { tenant, client, resource, origin, cae, subject });
  return {
    ...tokens,
    scope: permissions.map((permission) => `${uri}/${permission}`).join(" "),
    refresh_token: issueRefreshToken(authority, request),
    ...(application.sharesRefreshTokens ? { foci: "1" } : {}),
    id_token: await issueIdentityToken(authority, request, user),
    client_info: Buffer.from(JSON.stringify(homeIdentifiers(account))).toString("base64url"),
  };
}

/** Good for every resource, and for every tenant in which the user is known. */
function issueRefreshToken({ clock, userSessions }: Authority, { client, authentication }: SignedInRequest): string {
  const { clientId, sharesRefreshTokens } = client.application;
  const token = secretCode();
  const expires = Math.floor(clock.now() / 1000) + refreshTokenLifetime;
  userSessions.refreshTokens.set(token, { authentication, clientId, isShared: sharesRefreshTokens, expires });
  return token;
}

function issueIdentityToken(authority: Authority, request: SignedInRequest, user: User): Promise<string> {
  const { tenant, origin, client, authentication, nonce } = request;
  const now = Math.floor(authority.clock.now() / 1000);
  return authority.signingKey.sign({
    aud: client.application.clientId,
    iss: issuerOf(origin, tenant.tenantId),
    iat: now,
    nbf: now,
    exp: now + authority.lifetimes.tokenLifetime,
    ...describeUser(user, authentication.account.user.displayName),
    preferred_username: user.username,
    tid: tenant.tenantId,
    auth_time: authentication.at,
    sid: authentication.sid,
    login_hint: user.username,
    ...(nonce === undefined ? {} : { nonce }),
    ver: "2.0",
  });
}

function describeUser({ objectId: oid }: User, name: string) {
  return { oid, sub: oid, name };
}
