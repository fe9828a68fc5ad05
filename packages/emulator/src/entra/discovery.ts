import type { JsonObject, ServerRequest } from "../http/message.ts";
import { type Authority, isSharedName, requireTenant } from "./authority.ts";
import { aliasesOf, clouds, issuerOf } from "./clouds.ts";
import { StsError } from "./sts-error.ts";

/**
 * The OpenID Connect discovery document. Under a shared name (`common`) the issuer has the
 * placeholder `{tenantid}`.
 */
export function describeAuthority(authority: Authority, { url }: ServerRequest, tenantName: string): JsonObject {
  const issuerTenant = isSharedName(tenantName) ? "{tenantid}" : requireTenant(authority, tenantName).tenantId;
  const pathTenant = isSharedName(tenantName) ? tenantName : issuerTenant;
  const endpoints = `${url.origin}/${pathTenant}/oauth2/v2.0`;
  return {
    issuer: issuerOf(url.origin, issuerTenant),
    authorization_endpoint: `${endpoints}/authorize`,
    token_endpoint: `${endpoints}/token`,
    device_authorization_endpoint: `${endpoints}/devicecode`,
    end_session_endpoint: `${endpoints}/logout`,
    jwks_uri: `${url.origin}/${pathTenant}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    response_modes_supported: ["query", "fragment", "form_post"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    request_uri_parameter_supported: false,
    tenant_region_scope: null,
    cloud_instance_name: "microsoftonline.com",
    msgraph_host: "graph.microsoft.com",
  };
}

export async function listKeys(authority: Authority, tenantName: string): Promise<JsonObject> {
  if (!isSharedName(tenantName)) requireTenant(authority, tenantName);
  return { keys: [await authority.signingKey.publicKey()] };
}

/**
 * Instance discovery. The known authority hosts are the emulator, by the name of the request, and
 * the clouds.
 */
export function describeInstances({ url }: ServerRequest): JsonObject {
  const endpoint = url.searchParams.get("authorization_endpoint");
  if (!endpoint) throw new StsError(900144, { parameter: "authorization_endpoint" });
  if (!URL.canParse(endpoint)) throw new StsError(50049);

  const { origin, protocol, host, pathname } = new URL(endpoint);
  const own = { preferred_network: url.host, preferred_cache: url.host, aliases: [url.host] };
  const instances = aliasesOf(url.host).length > 1 ? clouds : [own, ...clouds];
  if (protocol !== "https:" || !instances.some(({ aliases }) => aliases.includes(host))) throw new StsError(50049);

  const [, tenant = "common"] = pathname.split("/");
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: instances,
  };
}

/**
 * User realm discovery, which clients request before they send a password. Every user of the
 * emulator is managed.
 */
export function describeUserRealm({ tenants }: Authority, username: string): JsonObject {
  const name = username.toLowerCase();
  const isKnown = tenants.some(({ users }) => users.some((user) => user.username.toLowerCase() === name));
  const [, domain = ""] = name.split("@");
  return {
    ver: "1.0",
    account_type: isKnown ? "Managed" : "Unknown",
    ...(isKnown ? { domain_name: domain } : {}),
    cloud_instance_name: "microsoftonline.com",
    cloud_audience_urn: "urn:federation:MicrosoftOnline",
  };
}
