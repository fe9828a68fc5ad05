import {
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  outcomeError,
  redact,
  retryAfterMs,
  secretsOfRequest,
} from "@azidentity/core/plugin";
import type { ErrorClass, Host, HostCall, HostErrorBody } from "./host.ts";
import { describeIdentity, identityRemedy } from "./managed-identity-id.ts";
import { fieldsOf } from "./read-token.ts";

const maxTextLength = 1_024;

/**
 * Reads the body of an error response. Each kind of host has another form of it, and proxies have
 * none. Some hosts echo what was `sent`, so its secrets are removed.
 */
export function parseErrorBody(
  response: HttpResponse,
  sent: Pick<HttpRequest, "url" | "headers" | "body">,
): HostErrorBody {
  const secrets = secretsOfRequest(sent);
  const textOf = (...values: readonly unknown[]): string | undefined => {
    const found = values.find((value) => typeof value === "string" && value !== "");
    return found === undefined ? undefined : redact(found as string, maxTextLength, secrets);
  };
  const fields = fieldsOf(response);
  const inner = Object(fields?.error) as Record<string, unknown>;
  return {
    status: response.status,
    code: textOf(fields?.error, inner.code),
    text:
      textOf(fields?.message, fields?.error_description, inner.message) ??
      (fields === undefined ? textOf(response.body) : undefined),
    correlationId: textOf(fields?.correlation_id, fields?.correlationId, inner.correlationId),
    isJson: fields !== undefined,
  };
}

/** Classifies a status that has no special meaning for the host. */
function classify({ status, code, isJson }: HostErrorBody): ErrorClass {
  const remedy = "Check that the host itself answers at its address, not a proxy.";
  if (status === 429)
    return { outcome: "throttled", code: "throttled", remedy: "Request fewer tokens, and cache them." };
  if (status >= 500) return { outcome: "failed", code: "host-unavailable", remedy: "Try again later." };
  if (status === 404 || status === 408 || status === 410) {
    return { outcome: "failed", code: "host-unavailable", remedy: "The host is not ready; try again later." };
  }
  if (code === "invalid_resource" || code === "AudienceNotSupported" || code === "invalid_scope") {
    return { outcome: "misconfigured", code: "unknown-resource", remedy: "Check the scope." };
  }
  if (status >= 400) return { outcome: "rejected", code: "host-refused", ...(!isJson && { remedy }) };
  if (status === 200) return { outcome: "failed", code: "invalid-token-response", remedy };
  return { outcome: "failed", code: "unexpected-answer", remedy };
}

/** The status and the first line of the host's own explanation. */
function quote({ status, code, text, isJson }: HostErrorBody): string {
  const explanation = [code, text?.split(/[\r\n]/)[0]].filter((part) => part !== undefined).join(": ");
  return isJson ? `HTTP ${status}, ${explanation || "without a reason"}` : `HTTP ${status}, and no JSON`;
}

/** A response that holds no token, and where it comes from. */
export interface ErrorResponseOfHost {
  /** Starts the message. */
  readonly label: string;
  readonly host: Host;
  readonly call: HostCall;
  readonly exchange: { readonly response: HttpResponse; readonly sent: HttpRequest };
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
  const own = host.parseError(reported, call);
  // the host forwards an error of Entra
  if (own === undefined && /\bAADSTS\d+/.test(reported.text ?? "")) {
    const body = JSON.stringify({ error: reported.code ?? "host_error", error_description: reported.text });
    const { entraError } = await import("@azidentity/core/entra");
    return entraError(label, { ...response, body }, now);
  }
  const found = own ?? classify(reported);
  const isAboutIdentity = found.code === "identity-not-found";
  const meaning =
    found.meaning ?? (isAboutIdentity ? `This host does not have ${describeIdentity(call.identity)}.` : "");
  const isIdentityRejected = call.identity.kind !== "system" && found.outcome === "rejected";
  const message = [`${label}:`, meaning, `It answered ${quote(reported)}.`].filter((part) => part !== "").join(" ");
  return outcomeError(found.outcome, message, {
    code: found.code,
    remedy: found.remedy ?? (isAboutIdentity || isIdentityRejected ? identityRemedy(call.identity) : undefined),
    statusCode: reported.status,
    retryAfterMs: retryAfterMs(response.headers, now),
    errorResponse: {
      error: reported.code ?? "",
      errorDescription: reported.text ?? "",
      correlationId: reported.correlationId,
    },
  });
}
