import { entraError, type IdentityError, outcomeError, parseEntraError } from "@azidentity/core/plugin";
import type { ResponseMode } from "../msal/authorization-code.ts";
import { declined, isDeclined } from "../user/declined.ts";

/** The authorization code in the answer of an authorization endpoint; throws what the answer says instead. RFC 6749 section 4.1.2. */
export function readCode(
  sourceName: string,
  fields: URLSearchParams,
  method: string,
  responseMode: ResponseMode,
): string {
  if (method !== methodOf[responseMode]) {
    throw invalid(sourceName, `it came by ${method} and not by ${methodOf[responseMode]}, as it was asked for`);
  }
  if (fields.has("error")) throw refusal(sourceName, fields);
  const [code = "", ...others] = fields.getAll("code");
  if (code === "" || others.length > 0) throw invalid(sourceName, "it has no authorization code, or several");
  return code;
}

/** A code in an address stays in the history of the browser, so it is not taken when a form was asked for. */
const methodOf: Readonly<Record<ResponseMode, string>> = { form_post: "POST", query: "GET" };

function refusal(sourceName: string, fields: URLSearchParams): IdentityError {
  const error = fields.get("error") ?? "";
  const body = JSON.stringify({ error, error_description: fields.get("error_description") ?? undefined });
  if (isDeclined(parseEntraError(body) ?? { error })) return declined(sourceName);
  return entraError(sourceName, { status: 400, headers: {}, body }, 0);
}

function invalid(sourceName: string, why: string): IdentityError {
  return outcomeError("failed", `${sourceName}: the answer to the sign-in cannot be used: ${why}.`, {
    code: "invalid-sign-in-answer",
    remedy: "Sign in again; if it stays so, check what stands between the browser and Entra, and `authorityHost`.",
  });
}
