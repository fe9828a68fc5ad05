import {
  type HttpResponse,
  type IdentityError,
  type IssuedToken,
  outcomeError,
  parseJsonObject,
} from "@azidentity/core/plugin";

/**
 * Seconds. Entra's tokens live for a day or so; what is longer than a year is no lifetime but, most likely, a point in time.
 * Source: https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
 */
const longestLifetime = 366 * 86_400;
/** RFC 6749, appendix A.12, without the blank, which no header could carry. */
const tokenCharacters = /^[\x21-\x7e]+$/;

/**
 * The token in the answer of a token endpoint to which status 200 was given.
 *
 * @param who starts the messages of errors, e.g. "client-secret"
 * @param now milliseconds since 1970, when the answer arrived
 */
export function readTokenResponse(who: string, response: HttpResponse, now: number): IssuedToken {
  const fields = parseJsonObject(response.body);
  if (fields === undefined) throw unusable(who, `it is not JSON (${contentType(response)})`);
  const { access_token: token, token_type: type = "Bearer" } = fields;
  if (typeof token !== "string" || !tokenCharacters.test(token)) throw unusable(who, "it has no usable access_token");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw unusable(who, "its token is no bearer token");
  const lifetime = seconds(fields.expires_in);
  if (lifetime === undefined) throw unusable(who, "its expires_in is no lifetime in seconds");
  const refresh = seconds(fields.refresh_in);
  return {
    token,
    tokenType: "Bearer",
    expiresOnTimestamp: now + lifetime * 1000,
    ...(refresh !== undefined && refresh < lifetime ? { refreshAfterTimestamp: now + refresh * 1000 } : {}),
  };
}

function unusable(who: string, why: string): IdentityError {
  return outcomeError("failed", `${who}: the answer is no token response: ${why}.`, {
    code: "invalid-token-response",
    remedy: "Check that nothing between this machine and Entra, such as a proxy, answers in its place.",
    statusCode: 200,
  });
}

function contentType({ headers }: HttpResponse): string {
  return /^[\w.+-]+\/[\w.+-]+/.exec(headers["content-type"] ?? "")?.[0] ?? "no content type";
}

/** A number of seconds, which some endpoints write as text. */
function seconds(value: unknown): number | undefined {
  const digits = typeof value === "number" || typeof value === "string" ? /^\d{1,9}$/.exec(String(value)) : null;
  const count = Number(digits?.[0]);
  return count > 0 && count <= longestLifetime ? count : undefined;
}
