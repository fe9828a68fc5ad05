import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import type { ServerRequest } from "./message.ts";
import { targetOf } from "./target.ts";

/**
 * Reads a request to its end. Rejects if the client disconnects, and if host and path do not
 * form a URL.
 */
export async function readRequest(message: IncomingMessage): Promise<ServerRequest> {
  const headers = readHeaders(message);
  const { socket } = message;
  const { host = "localhost", path } = targetOf(message);
  const secure = socket instanceof TLSSocket;
  return {
    method: message.method ?? "GET",
    url: new URL(`${secure ? "https" : "http"}://${host}${path}`),
    headers,
    body: await text(message),
    serverName: (secure && socket.servername) || undefined,
  };
}

function readHeaders(message: IncomingMessage): Record<string, string> {
  const named = Object.entries(message.headersDistinct);
  return Object.fromEntries(named.map(([name, values = []]) => [name, values.join(", ")]));
}
