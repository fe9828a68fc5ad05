import { randomUUID } from "node:crypto";
import { parseForm, type Reply, type ServerRequest } from "../http/message.ts";
import { defaultBrand, pageReply } from "../pages/page.ts";
import { errorPage } from "../pages/plain-pages.ts";
import type { StsError } from "./sts-error.ts";

/** Entra's error response, with trace and correlation ids. */
export function errorReply(error: StsError, request: ServerRequest, now: number): Reply {
  const { description, timestamp, traceId, correlationId } = describeError(error, request, now);
  return {
    status: error.status,
    headers: { "x-ms-request-id": traceId, "client-request-id": correlationId },
    body: {
      error: error.error,
      error_description: description,
      error_codes: [error.code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `${request.url.origin}/error?code=${error.code}`,
      ...error.details,
    },
  };
}

/** The same error as a page. */
export function errorPageReply(error: StsError, request: ServerRequest, now: number): Reply {
  const { timestamp, traceId, correlationId } = describeError(error, request, now);
  const page = errorPage(defaultBrand, `AADSTS${error.code}: ${error.message}`, [
    ["Trace ID", traceId],
    ["Correlation ID", correlationId],
    ["Timestamp", timestamp],
  ]);
  return pageReply(page, error.status);
}

export interface ErrorDescription {
  /** The text, followed by the identifiers on separate lines. */
  readonly description: string;
  readonly timestamp: string;
  readonly traceId: string;
  readonly correlationId: string;
}

export function describeError(error: StsError, request: ServerRequest, now: number): ErrorDescription {
  const traceId = randomUUID();
  const correlationId = readCorrelationId(request);
  const timestamp = new Date(now).toISOString().replace("T", " ").replace(/\.\d+/, "");
  const description = [
    `AADSTS${error.code}: ${error.message}`,
    `Trace ID: ${traceId}`,
    `Correlation ID: ${correlationId}`,
    `Timestamp: ${timestamp}`,
  ].join("\r\n");
  return { description, timestamp, traceId, correlationId };
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The client's `client-request-id` in the query, the form or the headers; otherwise a new GUID. */
function readCorrelationId(request: ServerRequest): string {
  const name = "client-request-id";
  const sent = [request.url.searchParams.get(name), parseForm(request)?.get(name), request.headers[name]];
  return sent.find((value) => value && guid.test(value)) ?? randomUUID();
}
