import { isJsonObject, type JsonObject, parseJsonObject } from "../http/message.ts";
import { StsError } from "./sts-error.ts";

/** The `claims` parameter: a JSON object (OpenID Connect Core, 5.5). */
export function parseClaims(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const claims = parseJsonObject(text);
  if (claims === undefined) throw new StsError(50117);
  return claims;
}

/**
 * Whether the client declares continuous access evaluation: the capability `cp1`, in any letter
 * case.
 */
export function declaresCae(claims: JsonObject): boolean {
  const { access_token: accessToken } = claims;
  const capabilities = isJsonObject(accessToken) ? accessToken.xms_cc : undefined;
  const values = isJsonObject(capabilities) ? capabilities.values : undefined;
  return Array.isArray(values) && values.some((value) => String(value).toLowerCase() === "cp1");
}

/** The authentication contexts (`c1` ...) that the claims request. */
export function requestedAuthContexts(claims: JsonObject): readonly string[] {
  return requestedValues(claims, "acrs");
}

/** The policies that the claims of an earlier error response name. */
export function requestedPolicyIds(claims: JsonObject): readonly string[] {
  return requestedValues(claims, "capolids");
}

/** The requested values of a claim, in the access token or the ID token. */
function requestedValues(claims: JsonObject, claim: string): readonly string[] {
  const demands = [claims.access_token, claims.id_token].map((part) => (isJsonObject(part) ? part[claim] : undefined));
  return demands
    .filter(isJsonObject)
    .flatMap(({ value, values }) => (Array.isArray(values) ? values : [value]).map(String));
}
