import { type HttpRequest, type HttpResponse, redact, secretsOfRequest } from "@azidentity/core/plugin";
import type { HostErrorBody } from "./host.ts";
import { fieldsOf } from "./read-token.ts";

const maxTextLength = 1_024;

type Sent = Pick<HttpRequest, "url" | "headers" | "body">;

/**
 * Reads the body of an error response. Each kind of host has another form of it, and proxies have
 * none. Some hosts echo what was `sent`, so its secrets are removed.
 */
export function parseErrorBody(response: HttpResponse, sent: Sent): HostErrorBody {
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

/** Where a response redirects to: scheme and host alone, because a path may hold a secret. */
export function redirectTarget({ status, headers }: HttpResponse, { url }: Sent): string | undefined {
  const { location } = headers;
  if (status < 300 || status > 399 || location === undefined) return undefined;
  return URL.canParse(location, url) ? new URL(location, url).origin : undefined;
}
