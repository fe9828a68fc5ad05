import type { TokenRequest } from "../contract/token.ts";
import { isJsonObject, parseJsonObject } from "../util/json.ts";

const capabilities = { xms_cc: { values: ["cp1"] } };
const capabilitiesAlone = JSON.stringify({ access_token: capabilities });

/**
 * The parameter `claims` of a request to Entra: those of a challenge, and, if the caller handles
 * continuous access evaluation, the client capability `cp1`. `undefined`: none.
 * Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function requestClaims({ claims, enableCae }: Pick<TokenRequest, "claims" | "enableCae">): string | undefined {
  if (!enableCae) return claims;
  const challenge = claims === undefined ? undefined : parseJsonObject(claims);
  if (challenge === undefined) return capabilitiesAlone;
  const asked = Object.hasOwn(challenge, "access_token") ? challenge.access_token : undefined;
  return JSON.stringify({ ...challenge, access_token: { ...(isJsonObject(asked) ? asked : {}), ...capabilities } });
}
