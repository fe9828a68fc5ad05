import type { OutcomeCode } from "../contract/error-code.ts";
import type { HttpResponse } from "../contract/system-services.ts";
import { parseJsonObject } from "../util/json.ts";
import { type AadstsRow, aadstsRows } from "./aadsts.ts";
import type { ErrorResponse, IdentityError } from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";
import { redact } from "./redact.ts";
import { retryAfterMs } from "./retry-after.ts";

const byNumber = new Map(aadstsRows.flatMap((row) => row.numbers.map((number) => [number, row] as const)));

/** What is known about the first of these numbers that is known at all. */
export function aadstsRow(numbers: readonly number[]): AadstsRow | undefined {
  return numbers.map((number) => byNumber.get(number)).find((row) => row !== undefined);
}

/** OAuth error word → outcome, for numbers that the table does not have. */
const byWord: ReadonlyMap<string, OutcomeCode> = new Map([
  ["interaction_required", "interaction-required"],
  ["consent_required", "interaction-required"],
  ["login_required", "interaction-required"],
  ["invalid_grant", "interaction-required"],
  ["temporarily_unavailable", "failed"],
]);

/** Letters of the longest claims that are passed on. */
const longestClaims = 16_384;

/**
 * Claims are passed on as they are; where a secret stands in them, as what is left without it, if
 * that still is an object.
 */
function cleanClaims(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value !== "string") return undefined;
  const clean = redact(value, longestClaims, secrets);
  return clean === value || parseJsonObject(clean) !== undefined ? clean : undefined;
}

/**
 * Entra's error body in the Azure SDKs' words; `undefined` when the body is not one. `secrets` are
 * what was sent: each text of the body goes without them, in whatever encoding a server echoes
 * them.
 */
export function parseEntraError(
  body: string,
  secrets: readonly string[] = [],
): (ErrorResponse & { readonly suberror?: string; readonly claims?: string }) | undefined {
  const fields = parseJsonObject(body);
  if (fields === undefined || typeof fields.error !== "string") return undefined;
  const text = (value: unknown) =>
    typeof value === "string" && value !== "" ? redact(value, undefined, secrets) : undefined;
  const description = text(fields.error_description) ?? "";
  const inText = /\bAADSTS(\d{4,9})\b/.exec(description)?.[1];
  const listed = Array.isArray(fields.error_codes) ? fields.error_codes.filter((one) => typeof one === "number") : [];
  const errorCodes = listed.length > 0 ? listed : inText === undefined ? [] : [Number(inText)];
  return {
    error: redact(fields.error, 128, secrets),
    errorDescription: description,
    errorCodes,
    timestamp: text(fields.timestamp),
    traceId: text(fields.trace_id),
    correlationId: text(fields.correlation_id),
    suberror: text(fields.suberror),
    claims: cleanClaims(fields.claims, secrets),
  };
}

function describeForeign(response: HttpResponse, secrets: readonly string[]): string {
  const type = response.headers["content-type"]?.split(";")[0] ?? "no content type";
  return `HTTP ${response.status} with ${response.body.length === 0 ? "an empty body" : `a body that is not Entra's (${redact(type, 64, secrets)})`}`;
}

/** Judges an answer by status and words alone. */
function fallback(status: number, word: string | undefined, suberror: string | undefined): AadstsRow {
  if (status === 429)
    return { numbers: [], outcome: "throttled", code: "throttled", remedy: "Ask less often; tokens are to be cached." };
  if (status >= 500) return { numbers: [], outcome: "failed", code: "entra-unavailable", remedy: "Try again later." };
  if (suberror === "bad_token")
    return { numbers: [], outcome: "interaction-required", code: "sign-in-expired", remedy: "Sign in again." };
  if (word === undefined) {
    const remedy = "Check that nothing between this machine and Entra, such as a proxy, answers in its place.";
    return { numbers: [], outcome: "failed", code: "unexpected-answer", remedy };
  }
  const remedy = "AADSTS codes are explained at https://login.microsoftonline.com/error.";
  return { numbers: [], outcome: byWord.get(word) ?? "rejected", code: "entra-refused", remedy };
}

/**
 * The error for a response of a token endpoint without a token. `now` is the wall clock in
 * milliseconds, for `Retry-After`. `secrets` were sent, and are redacted wherever the response
 * echoes them, in any encoding. The message starts with `label` (e.g. "client-secret") and has
 * Entra's text without trace ids; `errorResponse` has those.
 */
export function entraError(
  label: string,
  response: HttpResponse,
  now: number,
  secrets: readonly string[] = [],
): IdentityError {
  const parsed = parseEntraError(response.body, secrets);
  const known = aadstsRow(parsed?.errorCodes ?? []);
  const row =
    response.status === 429 || known === undefined ? fallback(response.status, parsed?.error, parsed?.suberror) : known;
  const text =
    parsed === undefined
      ? describeForeign(response, secrets)
      : parsed.errorDescription.split(/[\r\n]| Trace ID:/)[0] || parsed.error;
  return outcomeError(row.outcome, `${label}: ${text}`, {
    code: row.code,
    remedy: row.remedy,
    statusCode: response.status,
    errorResponse: parsed,
    retryAfterMs: retryAfterMs(response.headers, now),
    claims: parsed?.claims,
  });
}
