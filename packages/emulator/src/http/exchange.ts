import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../faults/fault.ts";
import type { FaultQueue } from "../faults/faults.ts";
import { type Capabilities, faultyReply } from "../faults/faulty-reply.ts";
import type { JournalWriter } from "../journal/journal.ts";
import type { ServiceName } from "../service-names.ts";
import { isJsonObject, type Reply, type ServerRequest } from "./message.ts";
import { readRequest } from "./read-request.ts";
import { type Match, matchPath, type Route } from "./route.ts";

/** The routes and error responses of one server. */
export interface Service {
  readonly name: ServiceName;
  readonly routes: readonly Route[];
  /** Whether it accepts every request and never responds. */
  readonly isSilent?: boolean;
  /** The error response to a fault with an HTTP status from 400 on. */
  readonly failure: (status: number, request: ServerRequest) => Reply;
  /** The other responses to faults that this service supports. */
  readonly capabilities?: Capabilities;
}

export interface ExchangeParts {
  readonly service: Service;
  readonly journal: JournalWriter;
  readonly faults: FaultQueue;
}

/** Handles each request: reads it, records it, and responds by a fault or by its route. */
export function createExchange(parts: ExchangeParts): RequestListener {
  return (message, response) => {
    exchange(parts, message, response).catch((error: unknown) => {
      // a client that has disconnected does not read the response
      if (!response.destroyed) send(response, { status: 400, body: describeError(error) });
    });
  };
}

async function exchange(parts: ExchangeParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());

  const request = await readRequest(message);
  const matches = matchPath(parts.service.routes, request.url.pathname);
  const answered = parts.journal.record(request, parts.service.name, matches[0]?.parameters.tenant);
  const fault = parts.faults.take(request, parts.service.name);

  if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false, signal: gone.signal });
  if (fault?.connection === "hang" || parts.service.isSilent) return;
  if (fault?.connection === "reset") {
    message.socket.destroy();
    return;
  }
  const reply = await decide(parts.service, request, matches, fault);
  answered(reply.status);
  send(response, reply, fault?.connection);
}

async function decide(
  { name, failure, capabilities = {} }: Service,
  request: ServerRequest,
  matches: readonly Match[],
  fault: Fault | undefined,
): Promise<Reply> {
  const own = () => runRoute(request, matches);
  try {
    if (fault === undefined) return await own();
    return await faultyReply(fault, {
      service: name,
      request,
      own,
      failure: (status) => failure(status, request),
      ...capabilities,
    });
  } catch (error) {
    return { status: 500, body: describeError(error) };
  }
}

function runRoute(request: ServerRequest, matches: readonly Match[]): Reply | Promise<Reply> {
  const match = matches.find(({ route }) => route.method === request.method);
  if (match !== undefined) return match.route.handle(request, match.parameters);
  if (matches.length === 0)
    return { status: 404, body: describeError(`The emulator has no route ${request.url.pathname}.`) };
  return { status: 405, headers: { allow: matches.map(({ route }) => route.method).join(", ") } };
}

function send(response: ServerResponse, { status, headers, body = "" }: Reply, connection?: Fault["connection"]): void {
  const isJson = isJsonObject(body);
  const content = Buffer.from(isJson ? JSON.stringify(body) : body);
  response.writeHead(status, {
    ...(isJson ? { "content-type": "application/json; charset=utf-8" } : {}),
    "cache-control": "no-store",
    ...headers,
    "content-length": content.length,
  });
  const half = content.subarray(0, content.length / 2);
  if (connection === "truncate") response.write(half, () => response.destroy());
  else if (connection === "stall") response.write(half);
  else response.end(content);
}

/**
 * A body that differs from those of Microsoft's services, so that an error of the emulator is
 * recognised as such.
 */
function describeError(error: unknown): { emulator: string } {
  return { emulator: error instanceof Error ? error.message : String(error) };
}
