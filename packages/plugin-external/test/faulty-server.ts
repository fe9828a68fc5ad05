import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { onTestFinished } from "vitest";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on a free port of 127.0.0.1, or on a socket, that ends with the test. */
export async function serve(handler: Handler, socketPath?: string) {
  const requests: IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await once(socketPath === undefined ? server.listen(0, "127.0.0.1") : server.listen(socketPath), "listening");
  const close = async () => {
    if (!server.listening) return;
    const gone = once(server.close(), "close");
    server.closeAllConnections();
    await gone;
  };
  onTestFinished(close);
  const { port } = Object(server.address()) as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, requests, close };
}

/** How a request ends whose server says nothing until its deadline. */
export async function afterDeadline<T>(ask: (url: string, overrides: { readonly clock: Clock }) => Promise<T>) {
  const clock = createFakeClock(Date.now());
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  const server = await serve(() => resolve());
  const waiting = ask(server.url, { clock });
  await arrived;
  await clock.advance(30_001);
  return waiting;
}

/** Answers each request with this status and body. */
export const answering =
  (status: number, body: string | object, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
