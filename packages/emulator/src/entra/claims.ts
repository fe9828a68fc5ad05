import { isJsonObject, type JsonObject, parseJsonObject } from "../http/message.ts";
import { StsError } from "./sts-error.ts";

/** The `claims` parameter: a JSON object (OpenID Connect Core, 5.5). */
export function parseClaims(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const claims = parseJsonObject(text);
  if (claims === undefined) throw new StsError(50117);
  return claims;
}

/** Whether the client says that it handles continuous access evaluation: the capability `cp1`, in whatever case. */
export function declaresCae(claims: JsonObject): boolean {
  const { access_token: accessToken } = claims;
  const capabilities = isJsonObject(accessToken) ? accessToken.xms_cc : undefined;
  const values = isJsonObject(capabilities) ? capabilities.values : undefined;
  return Array.isArray(values) && values.some((value) => String(value).toLowerCase() === "cp1");
}

/** The authentication contexts (`c1` ...) that a token has to be good for. */
export function demandedContexts(claims: JsonObject): readonly string[] {
  return demandedValues(claims, "acrs");
}

/** The policies that a token has to satisfy, as the refusal of an earlier one has named them. */
export function demandedPolicies(claims: JsonObject): readonly string[] {
  return demandedValues(claims, "capolids");
}

/** What is demanded of a claim, in the access token or the identity token. */
function demandedValues(claims: JsonObject, claim: string): readonly string[] {
  const demands = [claims.access_token, claims.id_token].map((part) => (isJsonObject(part) ? part[claim] : undefined));
  return demands
    .filter(isJsonObject)
    .flatMap(({ value, values }) => (Array.isArray(values) ? values : [value]).map(String));
}
