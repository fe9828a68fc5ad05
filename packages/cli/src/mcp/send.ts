import type { Agent, IncomingMessage } from "node:http";
import { ServerFailure } from "./failure.ts";

/** One request to the URL of the server. */
export interface HttpRequest {
  readonly method: "POST" | "GET" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The head of a response, and its body, which is read later or destroyed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: IncomingMessage;
}

export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

/**
 * Milliseconds after which an idle connection is closed: servers close theirs after 5 s (Node.js)
 * or more, and a request on a connection that is being closed could not be repeated safely.
 */
const idleMs = 4_000;

/** Before the connection stands, nothing has been sent, and the request may be repeated. */
const notSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"]);

/**
 * Sends requests to one URL, whatever a server answers: redirects are not followed, so the token
 * goes to the origin of this URL alone. There is no time limit on a response, because a tool may
 * take hours.
 *
 * @param agentOptions called once: the proxy and the authorities of the connections
 */
export function createSend(url: URL, agentOptions: () => Promise<object>) {
  let agent: Agent | undefined;
  const send: Send = async (request, signal) => {
    signal.throwIfAborted();
    const http = url.protocol === "https:" ? await import("node:https") : await import("node:http");
    // an empty `proxyEnv` is no proxy, whatever NODE_USE_ENV_PROXY says
    const options = { proxyEnv: {}, ...(await agentOptions()), keepAlive: true, timeout: idleMs };
    agent ??= new http.Agent(options);
    return open(http.request, { url, agent, request, signal });
  };
  return { send, close: () => agent?.destroy() };
}

interface Opening {
  readonly url: URL;
  readonly agent: Agent;
  readonly request: HttpRequest;
  readonly signal: AbortSignal;
}

function open(
  start: typeof import("node:http").request,
  { url, agent, request, signal }: Opening,
): Promise<HttpAnswer> {
  const { method, body } = request;
  // without this header, any compression is acceptable (RFC 9110 section 12.5.3), and none is
  // decoded
  const headers = { "user-agent": "azid", "accept-encoding": "identity", ...request.headers };
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = start(url, { method, agent, signal, headers: { ...headers, ...length } });
    outgoing.on("error", (error: NodeJS.ErrnoException) =>
      reject(signal.aborted ? signal.reason : unreachable(url, error)),
    );
    outgoing.on("upgrade", (_, socket) => {
      socket.destroy();
      reject(unreachable(url, new Error("it switched to another protocol")));
    });
    outgoing.on("response", (response) => {
      // an error of the body is seen by what reads it
      response.on("error", () => undefined);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response });
    });
    outgoing.end(body);
  });
}

function unreachable(url: URL, error: NodeJS.ErrnoException): ServerFailure {
  const isSent = !notSent.has(error.code ?? "");
  const reason = error.code ?? error.message;
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(error.code ?? ""))
    return new ServerFailure("mcp-unreachable", `The certificate of ${url.host} is not trusted (${reason}).`, {
      remedy: "Set NODE_EXTRA_CA_CERTS, or `http.caFile` of the config, to the PEM file of its authority.",
    });
  const what = isSent ? "The connection broke off" : "No connection";
  return new ServerFailure("mcp-unreachable", `${what}: ${url.host} (${reason}).`, {
    remedy: "Check that the server runs, and that the URL is right.",
    isSent,
  });
}

/** One value of a header. */
export function headerOf({ headers }: HttpAnswer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/**
 * Reads a body as text.
 *
 * @throws {ServerFailure} `mcp-broken-off`
 * @throws what `tooLarge` makes: it is longer
 */
export async function readText(
  { body }: HttpAnswer,
  { maxBytes, tooLarge }: { readonly maxBytes: number; readonly tooLarge: () => Error },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch {
    throw new ServerFailure("mcp-broken-off", "The connection broke off within a response.", {
      remedy: "It is not known whether the server has done what was asked: look, and ask again.",
    });
  }
  if (size > maxBytes) throw tooLarge();
  return Buffer.concat(chunks).toString("utf8");
}
