import { randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import { epochSeconds } from "../clock.ts";
import type { JsonObject } from "../http/message.ts";
import type { Application } from "./application.ts";
import type { Authority } from "./authority.ts";
import type { ClientAuthMethod } from "./client-authentication/authenticate-client.ts";
import { issuerOf } from "./clouds.ts";
import type { Tenant } from "./directory.ts";
import type { Resource } from "./resources.ts";
import type { Session } from "./sessions.ts";

export interface AccessTokenRequest {
  readonly tenant: Tenant;
  readonly client: {
    readonly application: Pick<Application, "clientId" | "displayName">;
    readonly authMethod: ClientAuthMethod;
  };
  readonly resource: Resource;
  /** The origin by which the client called the authority. */
  readonly origin: string;
  /** Whether the client supports continuous access evaluation (`cp1`). */
  readonly cae: boolean;
  /** The claims about the principal: `oid`, `sub`, `idtyp`, `roles` ... */
  readonly subject: JsonObject & { readonly oid: string };
}

/** Signs an access token, and returns the token response. Every token is unique (`uti`). */
export async function issueAccessToken(authority: Authority, request: AccessTokenRequest): Promise<JsonObject> {
  const { tokenLifetimeSeconds, refreshInSeconds } = authority.lifetimes;
  const now = epochSeconds(authority.clock);
  const claims: JWTPayload = {
    ...versionClaims(request),
    aud: request.resource.audience,
    iat: now,
    nbf: now,
    exp: now + tokenLifetimeSeconds,
    tid: request.tenant.tenantId,
    ...request.subject,
    uti: randomBytes(16).toString("base64url"),
    rh: sessionHandle(authority.sessions.current(request.subject.oid)),
    ...(request.cae ? { xms_cc: ["cp1"] } : {}),
  };
  return {
    token_type: "Bearer",
    expires_in: tokenLifetimeSeconds,
    ext_expires_in: tokenLifetimeSeconds,
    ...(refreshInSeconds === undefined ? {} : { refresh_in: refreshInSeconds }),
    access_token: await authority.signingKey.sign(claims),
  };
}

/**
 * The claim `rh`, by which the vault and the API recognise a revoked token. It is opaque to
 * clients.
 */
export function sessionHandle({ number }: Session): string {
  return `1.${number}.`;
}

/** The issuer of v1.0 tokens, the same for every name of the authority. */
export function issuerOfTenant(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

/** The values of `appidacr` and `azpacr`. */
const authMethodClaims: Readonly<Record<ClientAuthMethod, string>> = { none: "0", secret: "1", assertion: "2" };

/** The claims whose names or values depend on the version of the token. */
function versionClaims({ resource, tenant, client, origin }: AccessTokenRequest): JWTPayload {
  const { clientId, displayName } = client.application;
  const authMethod = authMethodClaims[client.authMethod];
  if (resource.version === "2.0") {
    return { iss: issuerOf(origin, tenant.tenantId), ver: "2.0", azp: clientId, azpacr: authMethod };
  }
  const issuer = issuerOfTenant(tenant.tenantId);
  return { iss: issuer, idp: issuer, ver: "1.0", appid: clientId, appidacr: authMethod, app_displayname: displayName };
}
