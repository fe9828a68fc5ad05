import {
  type HttpResponse,
  type IdentityError,
  type IssuedToken,
  outcomeError,
  parseJsonObject,
} from "@azidentity/core/plugin";

/**
 * Entra's tokens live for about a day. A number of seconds beyond a year is most likely a point in
 * time instead of a lifetime.
 * Source: https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
 */
const maxLifetimeSeconds = 366 * 86_400;
/** RFC 6749, appendix A.12, without the space, which a header cannot carry. */
const tokenCharacters = /^[\x21-\x7e]+$/;

/**
 * Reads the token from a response of status 200 of a token endpoint.
 *
 * @param sourceName prefix of error messages, e.g. "client-secret"
 * @param now arrival of the response, milliseconds since 1970
 */
export function readTokenResponse(sourceName: string, response: HttpResponse, now: number): IssuedToken {
  const fields = parseJsonObject(response.body);
  if (fields === undefined) throw unusable(sourceName, `it is not JSON (${contentType(response)})`);
  const { access_token: token, token_type: type = "Bearer" } = fields;
  if (typeof token !== "string" || !tokenCharacters.test(token))
    throw unusable(sourceName, "it has no usable access_token");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer")
    throw unusable(sourceName, "its token is not a bearer token");
  const lifetime = seconds(fields.expires_in);
  if (lifetime === undefined) throw unusable(sourceName, "its expires_in is not a lifetime in seconds");
  const refresh = seconds(fields.refresh_in);
  return {
    token,
    tokenType: "Bearer",
    expiresOnTimestamp: now + lifetime * 1000,
    ...(refresh !== undefined && refresh < lifetime ? { refreshAfterTimestamp: now + refresh * 1000 } : {}),
  };
}

function unusable(sourceName: string, reason: string): IdentityError {
  return outcomeError("failed", `${sourceName}: the response is not a token response: ${reason}.`, {
    code: "invalid-token-response",
    remedy: "Check that nothing between this machine and Entra, such as a proxy, answers in place of Entra.",
    statusCode: 200,
  });
}

function contentType({ headers }: HttpResponse): string {
  return /^[\w.+-]+\/[\w.+-]+/.exec(headers["content-type"] ?? "")?.[0] ?? "no content type";
}

/** A positive number of seconds; some endpoints send it as text. */
function seconds(value: unknown): number | undefined {
  const digits = typeof value === "number" || typeof value === "string" ? /^\d{1,9}$/.exec(String(value)) : null;
  const count = Number(digits?.[0]);
  return count > 0 && count <= maxLifetimeSeconds ? count : undefined;
}
