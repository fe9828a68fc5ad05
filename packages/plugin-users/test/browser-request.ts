import { type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";

export interface BrowserRequest {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/**
 * One request with any headers, as a browser or an attacker sends it. `status` 0: the connection
 * was closed.
 */
export function send(url: string, { method = "GET", headers = {}, body = "" }: BrowserRequest = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve) => {
    const sent = request(url, { method, headers, agent: false }, async (message) => {
      const { statusCode = 0, headers: received } = message;
      resolve({ status: statusCode, headers: received, body: await text(message).catch(() => "") });
    });
    sent.on("error", () => resolve({ status: 0, headers: {}, body: "" }));
    sent.end(body);
  });
}

/** A form as an authorization endpoint makes the browser post it. */
export function post(
  url: string,
  fields: Readonly<Record<string, string>> | string,
  headers: OutgoingHttpHeaders = {},
) {
  const body = typeof fields === "string" ? fields : new URLSearchParams(fields).toString();
  return send(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body,
  });
}
