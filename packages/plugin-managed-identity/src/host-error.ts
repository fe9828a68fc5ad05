import {
  entraError,
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  outcomeError,
  redact,
  retryAfterMs,
  secretsOfRequest,
} from "@azidentity/core/plugin";
import type { Asked, Host, Said, Verdict } from "./host.ts";
import { adviseOn, describeIdentity } from "./identity.ts";
import { fieldsOf } from "./read-token.ts";

/** The words of an error body: each kind of host has another form of it, and proxies have none. Some hosts echo what was `sent`. */
export function readSaid(response: HttpResponse, sent: Pick<HttpRequest, "url" | "headers" | "body">): Said {
  const secrets = secretsOfRequest(sent);
  const textOf = (...values: readonly unknown[]): string | undefined => {
    const found = values.find((value) => typeof value === "string" && value !== "");
    return found === undefined ? undefined : redact(found as string, 1_024, secrets);
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

/** What a status means where the host has no special meaning for it. */
function judge({ status, code, isJson }: Said): Verdict {
  const remedy = "Check that what answers is the host itself, and not a proxy.";
  if (status === 429)
    return { outcome: "throttled", code: "throttled", remedy: "Ask less often; tokens are to be cached." };
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

/** The error for an answer of a host that brought no token. */
export function hostError(
  who: string,
  host: Host,
  answer: { readonly response: HttpResponse; readonly sent: HttpRequest },
  asked: Asked,
  now: number,
): IdentityError {
  const { response } = answer;
  const said = readSaid(response, answer.sent);
  const own = host.parseError(said, asked);
  // what Entra told the host, which passes it on
  if (own === undefined && /\bAADSTS\d+/.test(said.text ?? "")) {
    const body = JSON.stringify({ error: said.code ?? "host_error", error_description: said.text });
    return entraError(who, { ...response, body }, now);
  }
  const verdict = own ?? judge(said);
  const words = [said.code, said.text?.split(/[\r\n]/)[0]].filter((word) => word !== undefined).join(": ");
  const quote = said.isJson
    ? `HTTP ${said.status}, ${words || "without a reason"}`
    : `HTTP ${said.status}, and no JSON`;
  const isAboutIdentity = verdict.code === "identity-not-found";
  const meaning =
    verdict.meaning ?? (isAboutIdentity ? `This host does not have ${describeIdentity(asked.identity)}.` : "");
  const refusal = asked.identity.kind !== "system" && verdict.outcome === "rejected" && !isAboutIdentity;
  return outcomeError(
    verdict.outcome,
    [`${who}:`, meaning, `It answered ${quote}.`].filter((part) => part !== "").join(" "),
    {
      code: verdict.code,
      remedy: verdict.remedy ?? (isAboutIdentity || refusal ? adviseOn(asked.identity) : undefined),
      statusCode: said.status,
      retryAfterMs: retryAfterMs(response.headers, now),
      errorResponse: {
        error: said.code ?? "",
        errorDescription: said.text ?? "",
        correlationId: said.correlationId,
      },
    },
  );
}
