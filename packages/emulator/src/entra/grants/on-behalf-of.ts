import { errors, type JWTPayload } from "jose";
import type { JsonObject } from "../../http/message.ts";
import { issueAccessToken } from "../access-token.ts";
import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { declaresCae, parseClaims } from "../claims.ts";
import { authenticateClient } from "../client-authentication/authenticate-client.ts";
import { findResource } from "../resources.ts";
import { readUserScope } from "../scope.ts";
import { StsError } from "../sts-error.ts";
import { readField, requireField, type TokenRequest } from "../token-request.ts";

/** The on-behalf-of grant. */
export async function onBehalfOf(authority: Authority, request: TokenRequest): Promise<JsonObject> {
  const { tenant, form, origin } = request;
  const assertion = requireField(form, "assertion");
  const scope = requireField(form, "scope");
  if (requireField(form, "requested_token_use") !== "on_behalf_of") {
    throw new StsError(50013, { reason: "requested_token_use is not on_behalf_of" });
  }
  const client = await authenticateClient(authority, request);
  const { oid, sub, name, amr, ...user } = await readUser(authority, client.application, assertion);
  const username = String(user.preferred_username ?? user.upn);
  const { uri, permissions } = readUserScope(scope);
  const resource = findResource(tenant, uri);
  if (resource === undefined) throw new StsError(500011, { resource: uri, tenant: tenant.tenantId });
  const claims = parseClaims(readField(form, "claims"));
  authority.userSessions.conditionalAccess.check({
    username,
    secondFactor: Array.isArray(amr) && amr.includes("mfa"),
    // the user of the assertion may be in no tenant: the client is asked for a second factor in any
    // case
    hasSecondFactor: true,
    clientId: client.application.clientId,
    resources: [uri],
    claims,
  });
  return issueAccessToken(authority, {
    tenant,
    client,
    resource,
    origin,
    cae: declaresCae(claims),
    subject: { oid: String(oid), sub: String(sub), name, preferred_username: username, scp: permissions.join(" ") },
  });
}

/** The claims of the user's access token for this application. */
async function readUser(
  { signingKey, clock }: Authority,
  { clientId, identifierUris }: Application,
  assertion: string,
): Promise<JWTPayload> {
  try {
    const claims = await signingKey.verify(assertion, {
      audience: [clientId, ...identifierUris],
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "oid", "scp"],
    });
    return claims;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new StsError(500133);
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === "aud") throw new StsError(500131);
    if (error instanceof errors.JOSEError)
      throw new StsError(50013, { reason: "The token is not an access token of a user" });
    throw error;
  }
}
