import { type ErrorResponse, type IdentityError, outcomeError } from "./errors.ts";
import type { OutcomeCode } from "./outcome.ts";
import { redact } from "./redact.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { HttpResponse } from "./services.ts";

interface Row {
  readonly numbers: readonly number[];
  readonly outcome: OutcomeCode;
  readonly code: string;
  readonly remedy?: string;
}

/**
 * AADSTS number → outcome, code and remedy. Microsoft states that the numbers are not a contract, so an unknown one is judged by
 * the OAuth error word alone.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const rows: readonly Row[] = [
  {
    numbers: [7000215, 70002],
    outcome: "rejected",
    code: "invalid-client-secret",
    remedy: "Give the secret's value, not its id, of a secret that this application has now.",
  },
  {
    numbers: [7000222],
    outcome: "rejected",
    code: "expired-client-secret",
    remedy: "Add a new secret to the application and use that, or move to a managed identity.",
  },
  {
    numbers: [700016, 700011, 70001, 7000112],
    outcome: "rejected",
    code: "unknown-application",
    remedy: "Check the client id, and that the application exists, is enabled and was consented to in this tenant.",
  },
  {
    numbers: [90002, 900023, 50059, 90019, 50128],
    outcome: "misconfigured",
    code: "unknown-tenant",
    remedy: "Check the tenant id or domain, and that it lives in the configured cloud.",
  },
  {
    numbers: [90038],
    outcome: "misconfigured",
    code: "wrong-cloud",
    remedy: "The tenant lives in another national cloud: set `cloud` or AZURE_AUTHORITY_HOST.",
  },
  {
    numbers: [50049],
    outcome: "misconfigured",
    code: "unknown-authority",
    remedy: "Check `authorityHost` or AZURE_AUTHORITY_HOST.",
  },
  {
    numbers: [50194],
    outcome: "misconfigured",
    code: "single-tenant-application",
    remedy: "Give the application's own tenant id.",
  },
  {
    numbers: [500011, 50001, 650057],
    outcome: "misconfigured",
    code: "unknown-resource",
    remedy: "Check the scope: its resource has no service principal in this tenant.",
  },
  {
    numbers: [70011, 1002012, 28000, 28002, 700022, 700023],
    outcome: "misconfigured",
    code: "invalid-scope",
    remedy: "Ask for one resource at a time, as `<resource>/.default`.",
  },
  {
    numbers: [700021, 70021, 700211, 700212, 700213],
    outcome: "rejected",
    code: "no-federated-credential",
    remedy: "Compare issuer, subject and audience of the assertion with the application's federated credentials.",
  },
  {
    numbers: [700024],
    outcome: "rejected",
    code: "assertion-expired",
    remedy: "The assertion is outside its time range: get a fresh one, and check this machine's clock.",
  },
  {
    numbers: [700027, 7000214, 7000274, 7000277, 1000502, 700030, 5002730],
    outcome: "rejected",
    code: "invalid-client-certificate",
    remedy: "Check that this certificate is registered with the application, valid and not revoked.",
  },
  {
    numbers: [7000218],
    outcome: "misconfigured",
    code: "client-credential-missing",
    remedy: "The application is confidential: give it a secret, a certificate or an assertion.",
  },
  {
    numbers: [700025],
    outcome: "misconfigured",
    code: "public-client",
    remedy: "The application is public: send no secret.",
  },
  {
    numbers: [50013, 500131, 500133],
    outcome: "rejected",
    code: "user-assertion-refused",
    remedy: "The caller has to send a fresh access token that was issued for this application.",
  },
  {
    numbers: [50072, 50074, 50076, 50078, 50079, 50158, 53000, 53001, 53002, 53003, 53004, 50097, 50131],
    outcome: "interaction-required",
    code: "conditional-access",
    remedy: "Sign in again interactively; Entra asks for more (such as multi-factor authentication).",
  },
  {
    numbers: [65001, 65004, 90094],
    outcome: "interaction-required",
    code: "consent-required",
    remedy: "A user or an administrator has to consent to the application's permissions.",
  },
  {
    numbers: [50058, 50085, 50089, 50132, 50133, 50173, 70000, 70008, 700081, 700082, 700084, 70043],
    outcome: "interaction-required",
    code: "sign-in-expired",
    remedy: "Sign in again.",
  },
  {
    numbers: [50034, 50020, 51004, 90072, 50053, 50055, 50056, 50057, 50126, 50144, 50105],
    outcome: "rejected",
    code: "user-refused",
    remedy: "Check the account, its password and its assignment in this tenant.",
  },
  {
    numbers: [50196, 90055],
    outcome: "throttled",
    code: "throttled",
    remedy: "Ask less often; tokens are to be cached.",
  },
  {
    numbers: [90006, 90024, 90033, 50033, 50087, 90012],
    outcome: "failed",
    code: "entra-unavailable",
    remedy: "Try again later.",
  },
];
const byNumber = new Map(rows.flatMap((row) => row.numbers.map((number) => [number, row] as const)));

/** OAuth error word → outcome, for numbers that the table does not have. */
const byWord: Readonly<Record<string, OutcomeCode>> = {
  interaction_required: "interaction-required",
  consent_required: "interaction-required",
  login_required: "interaction-required",
  invalid_grant: "interaction-required",
  temporarily_unavailable: "failed",
};

function parseBody(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? redact(value) : undefined;
}

/** Entra's error body in the Azure SDKs' words; `undefined` when the body is not one. */
export function parseEntraError(
  body: string,
): (ErrorResponse & { readonly suberror?: string; readonly claims?: string }) | undefined {
  const fields = parseBody(body);
  if (fields === undefined || typeof fields.error !== "string") return undefined;
  const description = text(fields.error_description) ?? "";
  const inText = /\bAADSTS(\d{4,9})\b/.exec(description)?.[1];
  const listed = Array.isArray(fields.error_codes) ? fields.error_codes.filter((one) => typeof one === "number") : [];
  const errorCodes = listed.length > 0 ? listed : inText === undefined ? [] : [Number(inText)];
  return {
    error: redact(fields.error, 128),
    errorDescription: description,
    errorCodes,
    timestamp: text(fields.timestamp),
    traceId: text(fields.trace_id),
    correlationId: text(fields.correlation_id),
    suberror: text(fields.suberror),
    claims: typeof fields.claims === "string" ? fields.claims : undefined,
  };
}

function describeForeign(response: HttpResponse): string {
  const type = response.headers["content-type"]?.split(";")[0] ?? "no content type";
  return `HTTP ${response.status} with ${response.body.length === 0 ? "an empty body" : `a body that is not Entra's (${redact(type, 64)})`}`;
}

/** Judges an answer by status and words alone. */
function fallback(status: number, word: string | undefined, suberror: string | undefined): Row {
  if (status === 429) return { numbers: [], outcome: "throttled", code: "throttled" };
  if (status >= 500) return { numbers: [], outcome: "failed", code: "entra-unavailable", remedy: "Try again later." };
  if (suberror === "bad_token")
    return { numbers: [], outcome: "interaction-required", code: "sign-in-expired", remedy: "Sign in again." };
  const outcome = word === undefined ? "failed" : (byWord[word] ?? "rejected");
  return { numbers: [], outcome, code: word === undefined ? "unexpected-answer" : "entra-refused" };
}

/**
 * The error for an answer of a token endpoint that brought no token. `now` is the wall clock in milliseconds, for `Retry-After`.
 * The message starts with `who` (e.g. "client-secret") and carries Entra's text without trace ids; `errorResponse` has those.
 */
export function entraError(who: string, response: HttpResponse, now: number, cause?: unknown): IdentityError {
  const parsed = parseEntraError(response.body);
  const known = parsed?.errorCodes?.map((number) => byNumber.get(number)).find((row) => row !== undefined);
  const row =
    response.status === 429 || known === undefined ? fallback(response.status, parsed?.error, parsed?.suberror) : known;
  const said =
    parsed === undefined
      ? describeForeign(response)
      : parsed.errorDescription.split(/[\r\n]| Trace ID:/)[0] || parsed.error;
  return outcomeError(row.outcome, `${who}: ${said}`, {
    code: row.code,
    remedy: row.remedy,
    statusCode: response.status,
    errorResponse: parsed,
    retryAfterMs: retryAfterMs(response.headers, now),
    claims: parsed?.claims,
    cause,
  });
}
