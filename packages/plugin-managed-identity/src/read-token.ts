import { type HttpResponse, type IssuedToken, outcomeError, parseJsonObject } from "@azidentity/core/plugin";
import { readExpiry, readRefresh } from "./expiry.ts";
import type { Fields } from "./host.ts";

/** RFC 6749, appendix A.12, without the space, which a header cannot carry. */
const tokenCharacters = /^[\x21-\x7e]+$/;
/** Longer lifetimes are mistakes of the host. */
const maxLifetimeMs = 366 * 86_400_000;

/** The members of a JSON response, with or without a byte order mark. */
export const fieldsOf = (response: HttpResponse): Fields | undefined =>
  parseJsonObject(response.body.replace(/^\uFEFF/, ""));

/**
 * The token in a response with status 200.
 *
 * @param times milliseconds since 1970: when the request was sent, and when it was answered
 */
export function readToken(
  label: string,
  response: HttpResponse,
  times: { readonly sent: number; readonly now: number },
) {
  const unusable = (reason: string, remedy = "Check that the host itself answers at its address, not a proxy.") =>
    outcomeError("failed", `${label}: the response holds no usable token: ${reason}.`, {
      code: "invalid-token-response",
      remedy,
      statusCode: response.status,
    });
  const fields = fieldsOf(response);
  if (fields === undefined) throw unusable(response.body === "" ? "it is empty" : "it is not JSON");
  const { access_token: token, token_type: type = "Bearer" } = fields;
  if (typeof token !== "string" || !tokenCharacters.test(token)) throw unusable("it has no usable access_token");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw unusable("its token is not a bearer token");
  const expires = readExpiry(fields, times.sent);
  if (expires === undefined || expires - times.now > maxLifetimeMs) throw unusable("it holds no valid time of expiry");
  if (expires <= times.now) {
    const shown = `${new Date(times.now).toISOString().slice(0, 16)} UTC`;
    throw unusable("its token has already expired", `Check this machine's clock: it shows ${shown}.`);
  }
  const refreshAfterTimestamp = readRefresh(fields, times.sent, expires);
  const issued: IssuedToken = { token, tokenType: "Bearer", expiresOnTimestamp: expires, refreshAfterTimestamp };
  return { fields, issued };
}
