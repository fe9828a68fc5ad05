import {
  durationInWords,
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  outcomeError,
  quoteInMessage,
  retryAfterMs,
} from "@azidentity/core/plugin";
import { parseErrorBody, redirectTarget } from "./error-body.ts";
import type { ErrorClass, Host, HostCall, HostErrorBody } from "./host.ts";
import { classifyIdentityRefusal } from "./identity-refusal.ts";
import { describeIdentity, identityRemedy } from "./managed-identity-id.ts";

/** A shorter wait is not worth a sentence. */
const longWaitMs = 10_000;

/** Classifies a status that has no special meaning for the host. */
function classify({ status, code, isJson }: HostErrorBody): ErrorClass {
  const noProxy = "Check that the host itself answers at its address, not a proxy.";
  if (status === 429)
    return { outcome: "throttled", code: "throttled", remedy: "Request fewer tokens, and cache them." };
  if (status >= 500) return { outcome: "failed", code: "host-unavailable", remedy: "Try again later." };
  if (status === 404 || status === 408 || status === 410) {
    return { outcome: "failed", code: "host-unavailable", remedy: "The host is not ready; try again later." };
  }
  if (code === "invalid_resource" || code === "AudienceNotSupported" || code === "invalid_scope") {
    const remedy = "Check the scope: the host knows no such resource.";
    return { outcome: "misconfigured", code: "unknown-resource", remedy };
  }
  const asked = "Check the request that the host describes, and the host's identity in the Azure portal.";
  if (status >= 400) return { outcome: "rejected", code: "host-refused", remedy: isJson ? asked : noProxy };
  if (status === 200) return { outcome: "failed", code: "invalid-token-response", remedy: noProxy };
  return { outcome: "failed", code: "unexpected-answer", remedy: noProxy };
}

/** A response that holds no token, and where it comes from. */
export interface ErrorResponseOfHost {
  /** Starts the message. */
  readonly label: string;
  readonly host: Host;
  readonly call: HostCall;
  readonly exchange: { readonly response: HttpResponse; readonly sent: HttpRequest };
}

/** The remedy of a class; that of the identity where the refusal is about it. */
function remedyOf({ code, remedy = "" }: ErrorClass, { identity }: HostCall, waitMs: number | undefined) {
  const isAboutIdentity = code === "identity-not-found" || (code === "host-refused" && identity.kind !== "system");
  const own = isAboutIdentity ? identityRemedy(identity) : remedy;
  return waitMs === undefined || waitMs < longWaitMs
    ? own
    : `${own} It may be asked again in ${durationInWords(waitMs)}.`;
}

interface Answer {
  /** The message before it. */
  readonly start: string;
  readonly reported: HostErrorBody;
  readonly target: string | undefined;
  readonly remedy: string;
}

/** The status, and the first line of the host's own explanation in quotation marks. */
function describeAnswer({ start, reported, target, remedy }: Answer): string {
  const { status, code, text, isJson } = reported;
  const answer = `${start} It answered HTTP ${status}`;
  if (target !== undefined) return quoteInMessage(`${answer}, a redirect to `, target, remedy);
  if (!isJson) return `${answer}, and no JSON.`;
  const explanation = [code, text?.split(/[\r\n]/)[0]].filter((part) => part !== undefined).join(": ");
  if (explanation.trim() === "") return `${answer} without a reason.`;
  return quoteInMessage(`${answer}: `, explanation, remedy);
}

const entraNumbers = ({ text = "" }: HostErrorBody) =>
  [...text.matchAll(/\bAADSTS(\d{4,9})\b/g)].map(([, number]) => Number(number));

/** How an error of Entra is classified that the host forwards; `undefined` for its own errors. */
async function classifyForwarded(body: HostErrorBody): Promise<ErrorClass | undefined> {
  const numbers = entraNumbers(body);
  if (numbers.length === 0 || body.status === 429) return undefined;
  const { aadstsRow } = await import("./aadsts.ts");
  const explained = "https://login.microsoftonline.com/error explains the number.";
  const row = aadstsRow(numbers);
  if (row === undefined) return { outcome: "rejected", code: "entra-refused", remedy: explained };
  const { outcome, code, remedy } = { ...row, ...row.forApplication };
  return { outcome, code, remedy };
}

/**
 * The error for a response without a token.
 *
 * @param now milliseconds since 1970
 */
export async function hostError(
  { label, host, call, exchange }: ErrorResponseOfHost,
  now: number,
): Promise<IdentityError> {
  const { response, sent } = exchange;
  const reported = parseErrorBody(response, sent);
  const found =
    host.parseError(reported, call) ??
    (await classifyForwarded(reported)) ??
    classifyIdentityRefusal(reported, call.identity) ??
    classify(reported);
  const isAboutIdentity = found.code === "identity-not-found";
  const missing = isAboutIdentity ? `This host does not have ${describeIdentity(call.identity)}.` : "";
  const start = [`${label}:`, found.meaning ?? missing].filter((part) => part !== "").join(" ");
  const waitMs = retryAfterMs(response.headers, now);
  const remedy = remedyOf(found, call, waitMs);
  const message = describeAnswer({ start, reported, target: redirectTarget(response, sent), remedy });
  return outcomeError(found.outcome, message, {
    code: found.code,
    remedy,
    // an answer with a status stops a chain that names the source
    statusCode: found.hasSameUserNext ? undefined : reported.status,
    retryAfterMs: waitMs,
    errorResponse: {
      error: reported.code ?? "",
      errorDescription: reported.text ?? "",
      errorCodes: entraNumbers(reported),
      correlationId: reported.correlationId,
    },
  });
}
