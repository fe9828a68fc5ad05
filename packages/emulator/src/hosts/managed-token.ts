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
  /** Whether the client handles continuous access evaluation. */
  readonly cae?: boolean;
  /** SHA-256 (lower-case hex) of a token that a resource has sent back: a host that keeps tokens must not give it again. */
  readonly rejected?: string | undefined;
}

export interface ManagedToken {
  readonly accessToken: string;
  readonly identity: ManagedIdentity;
  readonly resource: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly expiresOn: number;
  /** Seconds that are left of its life. */
  readonly expiresIn: number;
}

export type IssueManagedToken = (request: ManagedTokenRequest) => Promise<ManagedToken>;

export interface ManagedTokenParts {
  readonly authority: Authority;
  readonly tenant: Tenant;
  /** What v2.0 tokens say of their issuer. */
  readonly authorityHost: string;
  /** Seconds. */
  readonly tokenLifetime: number;
  /** Whether the host gives out a token again while it is valid, as Azure's own do. */
  readonly keepsTokens: boolean;
}

/** Signs tokens for managed identities as Entra does for Azure's hosts: proved by certificate, and with the resource's id. */
export function createTokenIssuer(parts: ManagedTokenParts): IssueManagedToken {
  const { clock } = parts.authority;
  const kept = new Map<string, Omit<ManagedToken, "expiresIn">>();

  return async (request) => {
    const now = epochSeconds(clock);
    const key = JSON.stringify([request.identity.objectId, request.resource, request.cae === true]);
    const old = parts.keepsTokens ? kept.get(key) : undefined;
    if (old !== undefined && old.expiresOn > now && hash(old.accessToken) !== request.rejected) {
      return { ...old, expiresIn: old.expiresOn - now };
    }
    const { identity, resource } = request;
    const accessToken = await sign(parts, request);
    const fresh = { accessToken, identity, resource, expiresOn: now + parts.tokenLifetime };
    if (parts.keepsTokens) kept.set(key, fresh);
    return { ...fresh, expiresIn: parts.tokenLifetime };
  };
}

async function sign(parts: ManagedTokenParts, { identity, resource: uri, cae = false }: ManagedTokenRequest) {
  const { authority, tenant, authorityHost, tokenLifetime } = parts;
  const { clientId, objectId, resourceId } = identity;
  const resource = findResource(tenant, uri);
  if (resource === undefined) {
    const text = `The resource principal named ${uri} was not found in the tenant ${tenant.tenantId}.`;
    throw new HostRefusal("unknown-resource", `AADSTS500011: ${text}`);
  }
  const { access_token: accessToken } = await issueAccessToken(
    { ...authority, lifetimes: { tokenLifetime, refreshIn: undefined } },
    {
      tenant,
      client: { application: { clientId, displayName: resourceId.replace(/.*\//, "") }, proof: "assertion" },
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
