import { saidPrincipal } from "./contract/access-token.ts";
import type { AccessToken, Principal } from "./contract/token.ts";

const maxToken = 65_536;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function payloadOf(token: string): Record<string, unknown> {
  const part = token.length > maxToken ? undefined : token.split(".")[1];
  if (part === undefined) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // opaque tokens are legitimate
  }
}

/**
 * Whom a token speaks for: what the source knows, completed by the claims of the token. The signature is not checked: this is for people
 * and for `expect`, never for authorising anybody.
 */
export function principalOf(token: AccessToken): Principal {
  const claims = payloadOf(token.token);
  const said = saidPrincipal(token);
  const principal: Principal = {
    tenantId: text(claims.tid) ?? said?.tenantId,
    objectId: text(claims.oid) ?? said?.objectId,
    clientId: text(claims.appid) ?? text(claims.azp) ?? said?.clientId,
    username: said?.username ?? text(claims.upn) ?? text(claims.preferred_username) ?? text(claims.unique_name),
  };
  return Object.fromEntries(Object.entries(principal).filter((entry) => entry[1] !== undefined));
}
