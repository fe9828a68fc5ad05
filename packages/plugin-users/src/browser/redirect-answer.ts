import { parseEntraError } from "@azidentity/core/entra";
import { type IdentityError, outcomeError } from "@azidentity/core/plugin";
import type { ResponseMode } from "../msal/authorization-code.ts";
import { refusalOfUser } from "../user/refusal.ts";
import { declined, isDeclined } from "../user/sign-in.ts";

/**
 * Reads the authorization code from the response of an authorization endpoint; throws if that is an
 * error response or invalid. RFC 6749 section 4.1.2.
 */
export function readCode(
  sourceName: string,
  fields: URLSearchParams,
  method: string,
  responseMode: ResponseMode,
): string {
  if (method !== methodOf[responseMode]) {
    throw invalid(sourceName, `it arrived by ${method}, not by ${methodOf[responseMode]} as requested`);
  }
  if (fields.has("error")) throw refusal(sourceName, fields);
  const [code = "", ...others] = fields.getAll("code");
  if (code === "" || others.length > 0) throw invalid(sourceName, "it has no authorization code, or more than one");
  return code;
}

/**
 * A code in a URL stays in the history of the browser, so it is refused if a form was requested.
 */
const methodOf: Readonly<Record<ResponseMode, string>> = { form_post: "POST", query: "GET" };

function refusal(sourceName: string, fields: URLSearchParams): IdentityError {
  const error = fields.get("error") ?? "";
  const body = JSON.stringify({ error, error_description: fields.get("error_description") ?? undefined });
  if (isDeclined(parseEntraError(body) ?? { error })) return declined(sourceName);
  return refusalOfUser(sourceName, { status: 400, headers: {}, body }, 0);
}

function invalid(sourceName: string, reason: string): IdentityError {
  return outcomeError("failed", `${sourceName}: the response of the sign-in page cannot be used: ${reason}.`, {
    code: "invalid-sign-in-answer",
    remedy: "Sign in again; if the error persists, check `authorityHost`, and proxies between the browser and Entra.",
  });
}
