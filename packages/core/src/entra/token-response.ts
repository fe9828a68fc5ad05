import type { HttpResponse } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { type EntraErrorSettings, entraError, remedies } from "../errors/entra-error.ts";
import type { IdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { jwtPayload } from "../util/json.ts";
import { type JsonFields, readJsonAnswer } from "./json-answer.ts";

/** A response with a token. */
export interface TokenResponse {
  /** The token, as a source returns it. */
  readonly issued: IssuedToken;
  /** All members of the response, such as `refresh_token` and `id_token`. */
  readonly fields: JsonFields;
}

/**
 * Entra's tokens live for about a day. A number of seconds beyond a year is most likely a point in
 * time instead of a lifetime.
 * Source: https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
 */
const maxLifetimeSeconds = 366 * 86_400;
/** RFC 6749, appendix A.12, without the space, which a header cannot carry. */
const tokenCharacters = /^[\x21-\x7e]+$/;

/**
 * Reads a response of status 200 of a token endpoint. RFC 6749 section 5.1.
 *
 * @param sourceName prefix of error messages, such as "client-secret"
 * @param now arrival of the response, milliseconds since 1970
 * @param refusal settings of `entraError`, which makes the error where the body is an OAuth error
 * in spite of its status
 * @throws {CredentialUnavailableError} `incomplete-response`: the connection broke, so a retry can
 * help
 * @throws {AuthenticationError} `captive-portal`, `invalid-token-response`
 */
export function readTokenResponse(
  sourceName: string,
  response: HttpResponse,
  now: number,
  refusal?: EntraErrorSettings,
): TokenResponse {
  const fields = readJsonAnswer(sourceName, response);
  if (fields === undefined) throw unusable(sourceName, notJson(response));
  const { access_token: token, token_type: type, error } = fields;
  if (token === undefined && typeof error === "string") throw entraError(sourceName, response, now, refusal);
  if (typeof token !== "string" || !tokenCharacters.test(token))
    throw unusable(sourceName, "it has no usable access_token");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer")
    throw unusable(sourceName, "its token is not a bearer token");
  const expires = readExpiry(fields, token, now);
  if (expires === undefined) throw unusable(sourceName, "its expires_in is not a lifetime in seconds");
  const refresh = readSeconds(fields.refresh_in);
  const refreshAfter = refresh === undefined ? undefined : now + refresh * 1000;
  const issued: IssuedToken = { token, tokenType: "Bearer", expiresOnTimestamp: expires };
  if (refreshAfter === undefined || refreshAfter >= expires) return { issued, fields };
  return { issued: { ...issued, refreshAfterTimestamp: refreshAfter }, fields };
}

/** The error for a response with status 200 that is not a token, because of `reason`. */
export function unusable(sourceName: string, reason: string): IdentityError {
  return outcomeError("failed", `${sourceName}: the response is not a token response: ${reason}.`, {
    code: "invalid-token-response",
    remedy: remedies.foreignAnswer,
    statusCode: 200,
  });
}

/** Why a body is not JSON, as far as its headers say. */
function notJson({ headers }: HttpResponse): string {
  const { "content-encoding": encoding = "identity", "content-type": type = "" } = headers;
  if (encoding !== "identity") return "it is compressed, which was not requested";
  return `it is not JSON (${/^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0] ?? "no content type"})`;
}

/** When the token expires, in milliseconds since 1970; `undefined`: no plausible time in future. */
function readExpiry({ expires_in: lifetime }: JsonFields, token: string, now: number): number | undefined {
  if (lifetime !== undefined) {
    const seconds = readSeconds(lifetime);
    return seconds === undefined ? undefined : now + seconds * 1000;
  }
  const expires = Number(jwtPayload(token)?.exp) * 1000;
  return expires > now && expires <= now + maxLifetimeSeconds * 1000 ? expires : undefined;
}

/** A positive number of whole seconds, rounded down; some endpoints send it as text. */
function readSeconds(value: unknown): number | undefined {
  const digits =
    typeof value === "number" || typeof value === "string" ? /^(\d{1,9})(?:\.\d*)?$/.exec(String(value)) : null;
  const count = Number(digits?.[1]);
  return count > 0 && count <= maxLifetimeSeconds ? count : undefined;
}
