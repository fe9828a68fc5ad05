import { createHash } from "node:crypto";
import { epochSeconds } from "../clock.ts";
import { issueAccessToken } from "../entra/access-token.ts";
import type { Authority } from "../entra/authority.ts";
import type { Tenant } from "../entra/directory.ts";
import { findResource } from "../entra/resources.ts";
import { HostRefusal } from "./host-refusal.ts";
import type { ManagedIdentity } from "./managed-identities.ts";

export interface ManagedTokenRequest {
  readonly identity: ManagedIdentity;
  readonly resource: string;
  /** Whether the client supports continuous access evaluation (`cp1`). */
  readonly cae?: boolean;
  /**
   * SHA-256 (lower-case hex) of a token that a resource has rejected: a host must not return it
   * from its cache.
   */
  readonly rejected?: string | undefined;
}

export interface ManagedToken {
  readonly accessToken: string;
  readonly identity: ManagedIdentity;
  readonly resource: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly expiresOn: number;
  /** Seconds until it expires. */
  readonly expiresIn: number;
}

export type IssueManagedToken = (request: ManagedTokenRequest) => Promise<ManagedToken>;

export interface ManagedTokenParts {
  readonly authority: Authority;
  readonly tenant: Tenant;
  /** The issuer of v2.0 tokens. */
  readonly authorityHost: string;
  readonly tokenLifetimeSeconds: number;
  /** Whether the host caches tokens until they expire. */
  readonly cacheTokens: boolean;
}

/**
 * Issues tokens of managed identities, with the `appidacr` of a certificate and the claim
 * `xms_mirid`.
 */
export function createTokenIssuer(parts: ManagedTokenParts): IssueManagedToken {
  const { clock } = parts.authority;
  const cache = new Map<string, Omit<ManagedToken, "expiresIn">>();

  return async (request) => {
    const now = epochSeconds(clock);
    const key = JSON.stringify([request.identity.objectId, request.resource, request.cae === true]);
    const cached = parts.cacheTokens ? cache.get(key) : undefined;
    if (cached !== undefined && cached.expiresOn > now && hash(cached.accessToken) !== request.rejected) {
      return { ...cached, expiresIn: cached.expiresOn - now };
    }
    const { identity, resource } = request;
    const accessToken = await sign(parts, request);
    const fresh = { accessToken, identity, resource, expiresOn: now + parts.tokenLifetimeSeconds };
    if (parts.cacheTokens) cache.set(key, fresh);
    return { ...fresh, expiresIn: parts.tokenLifetimeSeconds };
  };
}

async function sign(parts: ManagedTokenParts, { identity, resource: uri, cae = false }: ManagedTokenRequest) {
  const { authority, tenant, authorityHost, tokenLifetimeSeconds } = parts;
  const { clientId, objectId, resourceId } = identity;
  const resource = findResource(tenant, uri);
  if (resource === undefined) {
    const text = `The resource principal named ${uri} was not found in the tenant ${tenant.tenantId}.`;
    throw new HostRefusal("unknown-resource", `AADSTS500011: ${text}`);
  }
  const { access_token: accessToken } = await issueAccessToken(
    { ...authority, lifetimes: { tokenLifetimeSeconds, refreshInSeconds: undefined } },
    {
      tenant,
      client: { application: { clientId, displayName: resourceId.replace(/.*\//, "") }, authMethod: "assertion" },
      resource,
      origin: authorityHost,
      cae,
      subject: { idtyp: "app", oid: objectId, sub: objectId, xms_mirid: resourceId },
    },
  );
  return String(accessToken);
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
