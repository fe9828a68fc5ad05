import { isBackground } from "../async/abort.ts";
import type { Http, HttpRequest, HttpResponse } from "../contract/system-services.ts";
import type { IdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { type Agents, createAgents, type Trust } from "./agents.ts";
import { answerTooLarge, defaultMaxResponseBytes } from "./answer-size.ts";
import { abortReason } from "./clock.ts";
import { connectionError, proxyAuthentication } from "./connection-error.ts";
import type { HttpSettings, Platform } from "./platform.ts";
import { createProxySettings, type ProxyServer } from "./proxy.ts";
import { userAgentOf } from "./user-agent.ts";

/** How a request is sent. */
interface Route {
  readonly userAgent: string;
  readonly agent: import("node:http").Agent;
  /** What the connections of the agent go through. */
  readonly proxy: ProxyServer | undefined;
}

function flatten(headers: NodeJS.Dict<string | string[]>): HttpResponse["headers"] {
  const flat: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

/** A host that switches the protocol without being asked, for which Node has no error. */
function protocolSwitch({ host }: URL): IdentityError {
  return outcomeError("failed", `${host} answered with another protocol (HTTP 101), which was not requested.`, {
    code: "unexpected-answer",
    remedy: "Check the address, and which program answers there.",
  });
}

function readBody(
  response: import("node:http").IncomingMessage,
  url: URL,
  limit: number,
  done: (error: Error | undefined, body: string) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      done(answerTooLarge(url, limit), "");
    } else chunks.push(chunk);
  });
  response.on("error", (error) => done(error, ""));
  response.on("end", () => done(undefined, Buffer.concat(chunks).toString("utf8")));
}

/**
 * Closes the idle connections of an agent. Where a connection that was kept alive got no answer,
 * the others have probably been cut as well, by a suspended machine or a firewall.
 */
function closeIdle({ freeSockets }: import("node:http").Agent): void {
  for (const socket of Object.values(freeSockets).flatMap((sockets = []) => sockets)) socket.destroy();
}

/** Opens a connection, or takes one of the agent, and sends the headers. */
function open(url: URL, request: HttpRequest, { agent, userAgent }: Route): import("node:http").ClientRequest {
  const { body } = request;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const { request: start } =
    url.protocol === "https:" ? process.getBuiltinModule("node:https") : process.getBuiltinModule("node:http");
  // without this header, any compression is acceptable (RFC 9110 section 12.5.3), and none is
  // decoded
  const headers = { "user-agent": userAgent, "accept-encoding": "identity", ...request.headers, ...length };
  return start(url, { method: request.method, headers, agent });
}

/** One exchange over a connection of the agent. */
function exchange(request: HttpRequest, url: URL, route: Route, signal: AbortSignal): Promise<HttpResponse> {
  const { agent, proxy } = route;
  return new Promise((resolve, reject) => {
    const outgoing = open(url, request, route);
    const onAbort = () => {
      if (outgoing.reusedSocket) closeIdle(agent);
      outgoing.destroy(abortReason(signal));
    };
    const fail = (error: Error) => {
      signal.removeEventListener("abort", onAbort);
      reject(signal.aborted ? abortReason(signal) : "outcome" in error ? error : connectionError(url, error, proxy));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    // the agent refs it again for the next request
    if (isBackground(signal)) outgoing.on("socket", (socket) => socket.unref());
    outgoing.on("error", (error) => {
      if (outgoing.reusedSocket) closeIdle(agent);
      fail(error);
    });
    outgoing.on("upgrade", (_, socket) => {
      socket.destroy();
      fail(protocolSwitch(url));
    });
    outgoing.on("response", (response) => {
      readBody(response, url, request.maxResponseBytes ?? defaultMaxResponseBytes, (error, text) => {
        if (error !== undefined) return fail(error);
        if (response.statusCode === 407 && proxy !== undefined) return fail(proxyAuthentication(proxy));
        signal.removeEventListener("abort", onAbort);
        resolve({ status: response.statusCode ?? 0, headers: flatten(response.headers), body: text });
      });
    });
    // as text, which Node sends in one write with the headers: a third of the CPU time of two
    // writes
    outgoing.end(request.body);
  });
}

/** The trust in authorities besides Node's own; `undefined`: in these alone. */
export function trustIn(ca: string | undefined): Trust | undefined {
  if (ca === undefined) return undefined;
  return { ca, id: process.getBuiltinModule("node:crypto").hash("sha256", ca, "base64") };
}

/**
 * HTTP over the client of Node: keep-alive, no redirects, no retries, bounded responses.
 *
 * @param agents its connections, which may have other users
 */
function createHttp(settings: HttpSettings, agents: Agents): Http {
  const proxyFor = createProxySettings(settings.env, settings.proxy);
  const trust = trustIn(settings.ca);
  const userAgent = userAgentOf(settings.userAgent);
  return {
    async send(request, signal) {
      if (signal.aborted) throw abortReason(signal);
      const { tls, connection } = request;
      const url = new URL(request.url);
      const isDirect = request.proxy === "never" || tls?.pin !== undefined;
      const proxy = isDirect ? undefined : proxyFor?.(url);
      const agent = agents.get({ url, tls, proxy, trust, connection });
      return exchange(request, url, { agent, proxy, userAgent }, signal);
    },
  };
}

/** Node.js, Bun and Deno. */
export function nodePlatform(agents = createAgents()): Platform {
  return { http: (settings) => createHttp(settings, agents), close: agents.close };
}
