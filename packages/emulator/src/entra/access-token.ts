import { randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import { epochSeconds } from "../clock.ts";
import type { JsonObject } from "../http/message.ts";
import type { Application } from "./application.ts";
import type { Authority } from "./authority.ts";
import type { ClientProof } from "./client-authentication/authenticate-client.ts";
import { issuerOf } from "./clouds.ts";
import type { Tenant } from "./directory.ts";
import type { Resource } from "./resources.ts";
import type { Session } from "./sessions.ts";

export interface AccessTokenRequest {
  readonly tenant: Tenant;
  readonly client: {
    readonly application: Pick<Application, "clientId" | "displayName">;
    readonly proof: ClientProof;
  };
  readonly resource: Resource;
  /** What the client called the authority. */
  readonly origin: string;
  /** Whether the client handles continuous access evaluation. */
  readonly cae: boolean;
  /** Whom the token speaks for, and what they may do: `oid`, `sub`, `idtyp`, `roles` ... */
  readonly subject: JsonObject & { readonly oid: string };
}

/** Signs an access token, and words the answer that carries it. Never gives out the same token twice. */
export async function issueAccessToken(authority: Authority, request: AccessTokenRequest): Promise<JsonObject> {
  const { tokenLifetime, refreshIn } = authority.lifetimes;
  const now = epochSeconds(authority.clock);
  const claims: JWTPayload = {
    ...versionClaims(request),
    aud: request.resource.audience,
    iat: now,
    nbf: now,
    exp: now + tokenLifetime,
    tid: request.tenant.tenantId,
    ...request.subject,
    uti: randomBytes(16).toString("base64url"),
    rh: sessionHandle(authority.sessions.current(request.subject.oid)),
    ...(request.cae ? { xms_cc: ["cp1"] } : {}),
  };
  return {
    token_type: "Bearer",
    expires_in: tokenLifetime,
    ext_expires_in: tokenLifetime,
    ...(refreshIn === undefined ? {} : { refresh_in: refreshIn }),
    access_token: await authority.signingKey.sign(claims),
  };
}

/** The claim `rh`, by which Microsoft's own resources see whether a token was revoked. To everybody else it means nothing. */
export function sessionHandle({ number }: Session): string {
  return `1.${number}.`;
}

/** Who issues v1.0 tokens, whatever the authority was called. */
export function issuerOfTenant(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

/** What `appidacr` and `azpacr` say. */
const proofs: Readonly<Record<ClientProof, string>> = { none: "0", secret: "1", assertion: "2" };

/** The claims whose names or values depend on the version. */
function versionClaims({ resource, tenant, client, origin }: AccessTokenRequest): JWTPayload {
  const { clientId, displayName } = client.application;
  const proof = proofs[client.proof];
  if (resource.version === "2.0") {
    return { iss: issuerOf(origin, tenant.tenantId), ver: "2.0", azp: clientId, azpacr: proof };
  }
  const issuer = issuerOfTenant(tenant.tenantId);
  return { iss: issuer, idp: issuer, ver: "1.0", appid: clientId, appidacr: proof, app_displayname: displayName };
}
