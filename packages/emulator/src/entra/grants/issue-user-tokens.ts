import { epochSeconds } from "../../clock.ts";
import type { JsonObject } from "../../http/message.ts";
import { issueAccessToken, issuerOfTenant } from "../access-token.ts";
import type { Authority } from "../authority.ts";
import { declaresCae, demandedContexts, parseClaims } from "../claims.ts";
import type { AuthenticatedClient } from "../client-authentication/authenticate-client.ts";
import { issuerOf } from "../clouds.ts";
import { findResource } from "../resources.ts";
import { readUserScope } from "../scope.ts";
import { StsError } from "../sts-error.ts";
import { readField, type TokenRequest } from "../token-request.ts";
import { type Account, describeHome, findUser } from "../users/accounts.ts";
import { type Authentication, describeForPolicies, isRevoked } from "../users/authentication.ts";
import { secretCode } from "../users/secret-code.ts";
import type { User } from "../users/user.ts";

/** Seconds that a refresh token is good for: 90 days. */
const refreshTokenLifetime = 90 * 24 * 60 * 60;

export interface SignedInRequest extends TokenRequest {
  readonly client: AuthenticatedClient;
  readonly authentication: Authentication;
  readonly scope: string;
  /** What was asked for when the user signed in; the request for tokens may ask for something else. */
  readonly claims?: JsonObject;
  readonly nonce?: string | undefined;
}

/** Access, identity and refresh token of a user who has signed in to a client, unless something is in the way of it. */
export async function issueUserTokens(authority: Authority, request: SignedInRequest): Promise<JsonObject> {
  const { tenant, origin, client, authentication } = request;
  const { account } = authentication;
  const { user, resource, scope, claims } = checkAccess(authority, request);
  const contexts = demandedContexts(claims);
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

/** What the user may have of what was asked for: the session, the tenant, consent and conditional access decide, in this order. */
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

/** Good for every resource, and for every tenant in which the user is known. */
function issueRefreshToken({ clock, userSessions }: Authority, { client, authentication }: SignedInRequest): string {
  const { clientId, sharesRefreshTokens } = client.application;
  const token = secretCode();
  const expires = epochSeconds(clock) + refreshTokenLifetime;
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
    exp: now + authority.lifetimes.tokenLifetime,
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
