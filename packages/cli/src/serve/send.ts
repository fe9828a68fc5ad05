import type { ServerResponse } from "node:http";
import type { Reply } from "./protocols/protocol.ts";

/**
 * Writes a reply. A connection whose request was not read to its end cannot carry another one, and
 * is closed.
 */
export function send(response: ServerResponse, { status, headers, body }: Reply, isComplete: boolean): void {
  const content = Buffer.from(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": content.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(!isComplete && { connection: "close" }),
    ...headers,
  });
  response.end(content);
}

const lineOf = { 400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large" } as const;

/**
 * What a connection is answered whose request could not even be parsed: it came too slowly, is too
 * long, or is not HTTP.
 */
export function malformedResponse(code: string | undefined): string {
  const status = code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  const message = status === 408 ? "The request came too slowly." : "The request cannot be read.";
  const body = JSON.stringify({ version: 1, error: { code: "invalid-request", outcome: "failed", message } });
  const head = ["content-type: application/json", `content-length: ${body.length}`, "connection: close"];
  return [`HTTP/1.1 ${status} ${lineOf[status]}`, ...head, "", body].join("\r\n");
}
