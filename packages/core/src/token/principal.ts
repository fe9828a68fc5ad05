import type { AccessToken, Principal } from "../contract/token.ts";
import { jwtPayload } from "../util/json.ts";
import { reportedPrincipal } from "./access-token.ts";

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

const known = (principal: Principal): Principal =>
  Object.fromEntries(Object.entries(principal).filter((entry) => entry[1] !== undefined));

/**
 * The principal that a token itself names; empty for one that cannot be read. The signature is not
 * checked.
 */
export function claimedPrincipal(token: string): Principal {
  const claims = jwtPayload(token) ?? {}; // opaque tokens are legitimate
  return known({
    tenantId: text(claims.tid),
    objectId: text(claims.oid),
    clientId: text(claims.appid) ?? text(claims.azp),
    username: text(claims.upn) ?? text(claims.preferred_username) ?? text(claims.unique_name),
  });
}

/**
 * Whose token it is: from the claims of the token, completed by what its source reported. Empty
 * where neither says anything. The signature is not checked: for display and logs, never for
 * authorization. It is read at each call, so that tokens and hits cost nothing more.
 *
 * @example
 * const { username, objectId } = principalOf(await identity.getToken(scope));
 */
export function principalOf(token: Pick<AccessToken, "token">): Principal {
  const { token: text } = Object(token) as { readonly token?: unknown };
  return { ...reportedPrincipal(Object(token)), ...(typeof text === "string" ? claimedPrincipal(text) : {}) };
}

/**
 * Names the user of an assertion without showing it. An assertion is too long to be guessed, so its
 * hash is safe to store.
 */
export function userOf(assertion: string): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", assertion, "base64url"); // in one go: half the time
}
