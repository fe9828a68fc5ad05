import { epochSeconds } from "../../clock.ts";
import type { JsonObject } from "../../http/message.ts";
import { issueAccessToken, issuerOfTenant } from "../access-token.ts";
import type { Authority } from "../authority.ts";
import { declaresCae, parseClaims, requestedAuthContexts } from "../claims.ts";
import type { AuthenticatedClient } from "../client-authentication/authenticate-client.ts";
import { issuerOf } from "../clouds.ts";
import { findResource } from "../resources.ts";
import { readUserScope } from "../scope.ts";
import { StsError } from "../sts-error.ts";
import { readField, type TokenRequest } from "../token-request.ts";
import { type Account, describeHome, findUser } from "../users/accounts.ts";
import { type Authentication, describeForPolicies, isRevoked, secretCode } from "../users/authentication.ts";
import type { User } from "../users/user.ts";

/** Lifetime of a refresh token: 90 days. */
const refreshTokenLifetimeSeconds = 90 * 24 * 60 * 60;

export interface SignedInRequest extends TokenRequest {
  readonly client: AuthenticatedClient;
  readonly authentication: Authentication;
  readonly scope: string;
  /** The claims of the sign-in. The `claims` of the token request take precedence. */
  readonly claims?: JsonObject;
  readonly nonce?: string | undefined;
}

/** Issues access token, ID token and refresh token to a client that a user has signed in to. */
export async function issueUserTokens(authority: Authority, request: SignedInRequest): Promise<JsonObject> {
  const { tenant, origin, client, authentication } = request;
  const { account } = authentication;
  const { user, resource, scope, claims } = checkAccess(authority, request);
  const contexts = requestedAuthContexts(claims);
  const subject = {
    idtyp: "user",
    ...describeUser(user, account),
    upn: user.username,
    unique_name: user.username,
    scp: scope.permissions.join(" "),
    amr: authentication.secondFactor ? ["pwd", "mfa"] : ["pwd"],
    sid: authentication.sid,
    ...(contexts.length > 0 ? { acrs: contexts } : {}),
    ...(account.tenant === tenant ? {} : { idp: issuerOfTenant(account.tenant.tenantId) }),
  };
  const cae = declaresCae(claims);
  return {
    ...(await issueAccessToken(authority, { tenant, client, resource, origin, cae, subject })),
    scope: scope.granted.join(" "),
    refresh_token: issueRefreshToken(authority, request),
    ...(client.application.sharesRefreshTokens ? { foci: "1" } : {}),
    id_token: await issueIdentityToken(authority, request, user),
    client_info: describeHome(account),
  };
}

/** Checks, in this order, the session, the tenant, the resource, consent and conditional access. */
function checkAccess(authority: Authority, { tenant, form, client, authentication, ...signedIn }: SignedInRequest) {
  const { conditionalAccess, consents } = authority.userSessions;
  const { clientId } = client.application;
  const { username } = authentication.account.user;
  if (isRevoked(authority, authentication)) throw new StsError(50173);
  const user = findUser(tenant, username);
  if (user === undefined) throw new StsError(50020, { user: username, tenant: tenant.tenantId });
  const scope = readUserScope(signedIn.scope);
  const resource = findResource(tenant, scope.uri);
  if (resource === undefined) throw new StsError(500011, { resource: scope.uri, tenant: tenant.tenantId });

  const text = readField(form, "claims");
  const claims = text === undefined ? (signedIn.claims ?? {}) : parseClaims(text);
  const isMissing = consents.missing(authentication.account.user, client.application, [scope]).length > 0;
  if (isMissing) throw new StsError(65001, { clientId });
  conditionalAccess.check({ ...describeForPolicies(authentication), clientId, resources: [scope.uri], claims });
  return { user, resource, scope, claims };
}

/** Valid for every resource, and for every tenant that has the user as a member or guest. */
function issueRefreshToken({ clock, userSessions }: Authority, { client, authentication }: SignedInRequest): string {
  const { clientId, sharesRefreshTokens } = client.application;
  const token = secretCode();
  const expires = epochSeconds(clock) + refreshTokenLifetimeSeconds;
  userSessions.refreshTokens.set(token, { authentication, clientId, isShared: sharesRefreshTokens, expires });
  return token;
}

function issueIdentityToken(authority: Authority, request: SignedInRequest, user: User): Promise<string> {
  const { tenant, origin, client, authentication, nonce } = request;
  const now = epochSeconds(authority.clock);
  return authority.signingKey.sign({
    aud: client.application.clientId,
    iss: issuerOf(origin, tenant.tenantId),
    iat: now,
    nbf: now,
    exp: now + authority.lifetimes.tokenLifetimeSeconds,
    ...describeUser(user, authentication.account),
    preferred_username: user.username,
    tid: tenant.tenantId,
    auth_time: authentication.at,
    sid: authentication.sid,
    login_hint: user.username,
    ...(nonce === undefined ? {} : { nonce }),
    ver: "2.0",
  });
}

function describeUser({ objectId: oid }: User, { user: { displayName: name } }: Account) {
  return { oid, sub: oid, name };
}
