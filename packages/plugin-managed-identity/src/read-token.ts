import { type HttpResponse, type IssuedToken, outcomeError, parseJsonObject } from "@azidentity/core/plugin";
import { readExpiry, readRefresh } from "./expiry.ts";
import type { Fields } from "./host.ts";

/** RFC 6749, appendix A.12, without the blank, which no header could carry. */
const tokenCharacters = /^[\x21-\x7e]+$/;
/** No token lives so long, milliseconds. */
const longestLife = 366 * 86_400_000;

/** The fields of a JSON answer, with or without a byte order mark. */
export const fieldsOf = (response: HttpResponse): Fields | undefined =>
  parseJsonObject(response.body.replace(/^\uFEFF/, ""));

/**
 * The token in an answer to which status 200 was given.
 *
 * @param times milliseconds since 1970: when the request was sent, and when it was answered
 */
export function readToken(who: string, response: HttpResponse, times: { readonly sent: number; readonly now: number }) {
  const unusable = (why: string) =>
    outcomeError("failed", `${who}: the answer is no token response: ${why}.`, {
      code: "invalid-token-response",
      remedy: "Check that what answers is the host itself, and not a proxy or something else in its place.",
      statusCode: response.status,
    });
  const fields = fieldsOf(response);
  if (fields === undefined) throw unusable(response.body === "" ? "it is empty" : "it is not JSON");
  const { access_token: token, token_type: type = "Bearer" } = fields;
  if (typeof token !== "string" || !tokenCharacters.test(token)) throw unusable("it has no usable access_token");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw unusable("its token is no bearer token");
  const expires = readExpiry(fields, times.sent);
  if (expires === undefined || expires - times.now > longestLife)
    throw unusable("it does not say when the token expires");
  if (expires <= times.now) throw unusable("its token has expired already; check this machine's clock");
  const refreshAfterTimestamp = readRefresh(fields, times.sent, expires);
  const issued: IssuedToken = { token, tokenType: "Bearer", expiresOnTimestamp: expires, refreshAfterTimestamp };
  return { fields, issued };
}
