import type { HttpResponse } from "../contract/system-services.ts";
import { parseJsonObject } from "../util/json.ts";
import { type AadstsRows, aadstsRow } from "./aadsts.ts";
import type { AadstsRow } from "./aadsts-applications.ts";
import type { ErrorResponse, IdentityError } from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";
import { durationInWords, quoteInMessage } from "./quote.ts";
import { redact } from "./redact.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Error words of OAuth after which a user has to do something. */
const userHasToAct = /^(?:(?:interaction|consent|login)_required|invalid_grant)$/;

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

/** From this pause on, a message says how long to wait. */
const longPauseMs = 10_000;

/** The media type alone, which has no characters of a sentence. */
const mediaType = /^[\w-]+\/[\w+-]+(?:\.[\w+-]+)*/;

function describeForeign({ status, headers, body }: HttpResponse, secrets: readonly string[]): string {
  if (body.length === 0) return `HTTP ${status} with an empty body.`;
  const [type = "no content type"] = mediaType.exec(headers["content-type"] ?? "") ?? [];
  return `HTTP ${status} with a body that is not Entra's (${redact(type, undefined, secrets).slice(0, 64)}).`;
}

type Verdict = Pick<AadstsRow, "outcome" | "code" | "remedy">;

/** What to do about an answer that is not Entra's. */
export const remedies = {
  captivePortal: "Sign in to the network with a browser, or check the proxy between this machine and Entra.",
  foreignAnswer: "Check that nothing between this machine and Entra, such as a proxy, answers in place of Entra.",
} as const;

/** An error word of OAuth, as opposed to a sentence. */
const oauthWord = /^[a-z0-9_]+$/;

/**
 * A filter between this machine and Entra that answers in its place, and explains itself in
 * `error`.
 */
function refusalByProxy(status: number, parsed: ErrorResponse | undefined): Verdict | undefined {
  if (status !== 403 || parsed === undefined || parsed.errorDescription !== "" || oauthWord.test(parsed.error))
    return undefined;
  const remedy = "This is not Entra: allow its host in the proxy or firewall that answered.";
  return { outcome: "unreachable", code: "proxy-refused", remedy };
}

/**
 * Judges an answer by status and words alone. 511: a network requires a sign-in, RFC 6585 section
 * 6.
 */
function fallback(status: number, word: string | undefined, suberror: string | undefined): Verdict {
  if (status === 429)
    return { outcome: "throttled", code: "throttled", remedy: "Ask less often; tokens are to be cached." };
  if (status === 511) return { outcome: "failed", code: "captive-portal", remedy: remedies.captivePortal };
  if (status >= 500 || word === "temporarily_unavailable")
    return { outcome: "failed", code: "entra-unavailable", remedy: "Try again later." };
  if (suberror === "bad_token")
    return { outcome: "interaction-required", code: "sign-in-expired", remedy: "Sign in again." };
  if (word === undefined) return { outcome: "failed", code: "unexpected-answer", remedy: remedies.foreignAnswer };
  const remedy = "AADSTS codes are explained at https://login.microsoftonline.com/error.";
  return { outcome: userHasToAct.test(word) ? "interaction-required" : "rejected", code: "entra-refused", remedy };
}

/** A number whose remedy depends on the reason that Entra gives. */
function byWords(row: AadstsRow, description: string): Verdict {
  const { remedy } = row.remedyIf?.words.test(description) ? row.remedyIf : row;
  return { ...row, remedy };
}

/** The verdict where the application signs in as itself. */
function forApplication(verdict: Verdict, row: AadstsRow | undefined): Verdict {
  if (row?.forApplication !== undefined) return { ...verdict, ...row.forApplication };
  return verdict.outcome === "interaction-required" ? { ...verdict, outcome: "rejected" } : verdict;
}

/** What is known besides the response. */
export interface EntraErrorSettings {
  /**
   * What was sent; blanked out wherever the response echoes it, in any encoding.
   */
  readonly secrets?: readonly string[] | undefined;
  /** Whether an application asked for a token as itself, so that no user can sign in again. */
  readonly isApplication?: boolean | undefined;
  /**
   * What is known about AADSTS numbers besides those that applications meet: `aadstsUserRows` where
   * a user signs in, or an application acts on behalf of one. Default: nothing.
   */
  readonly rows?: AadstsRows | undefined;
}

/**
 * The error for an answer of a token endpoint without a token. The message starts with the
 * source's name and quotes Entra's text without trace ids; `errorResponse` has all of it.
 *
 * @param label the name of the source, e.g. `client-secret`
 * @param now the wall clock in milliseconds, for `Retry-After`
 */
export function entraError(
  label: string,
  response: HttpResponse,
  now: number,
  { secrets = [], isApplication = false, rows }: EntraErrorSettings = {},
): IdentityError {
  const parsed = parseEntraError(response.body, secrets);
  const row = response.status === 429 ? undefined : aadstsRow(parsed?.errorCodes ?? [], rows);
  const general =
    row === undefined
      ? (refusalByProxy(response.status, parsed) ?? fallback(response.status, parsed?.error, parsed?.suberror))
      : byWords(row, parsed?.errorDescription ?? "");
  const { outcome, code, remedy } = isApplication ? forApplication(general, row) : general;
  const waitMs = retryAfterMs(response.headers, now);
  const wait = (waitMs ?? 0) < longPauseMs ? "" : ` Wait ${durationInWords(waitMs ?? 0)}.`;
  const advice = `${remedy}${wait}`;
  const words = parsed && (parsed.errorDescription.split(/[\r\n]| Trace ID:/)[0] || parsed.error);
  const message =
    words === undefined
      ? `${label}: ${describeForeign(response, secrets)}`
      : quoteInMessage(`${label}: `, words, advice);
  return outcomeError(outcome, message, {
    code,
    remedy: advice,
    statusCode: response.status,
    errorResponse: parsed,
    retryAfterMs: waitMs,
    claims: parsed?.claims,
  });
}
