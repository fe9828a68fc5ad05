import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { PassThrough } from "node:stream";
import { authorized, type GetToken } from "../../src/mcp/authorize.ts";
import { createConnection } from "../../src/mcp/connection.ts";
import { toLine } from "../../src/mcp/message.ts";
import { runProxy } from "../../src/mcp/proxy.ts";
import { createSend } from "../../src/mcp/send.ts";

/** A request that the server received, with its message. */
export interface Received {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The body. */
  readonly text: string;
  readonly message: {
    readonly id?: string | number;
    readonly method?: string;
    readonly params?: Record<string, unknown>;
  };
}

export type Handler = (request: Received, response: ServerResponse) => void;

export interface World extends AsyncDisposable {
  readonly port: number;
  readonly received: Received[];
  readonly notices: string[];
  /** The claims of each request for a token. */
  readonly tokenRequests: (string | undefined)[];
  /** The pauses that the proxy has made. */
  readonly pauses: number[];
  /**
   * Ends the long waits of the proxy: for a notification to be accepted, for responses at its end.
   */
  endWaits(): void;
  /** Writes one line to the proxy. */
  line(text: string): void;
  /** Writes a message to the proxy. */
  say(message: object): void;
  /** The next line of the proxy. */
  nextLine(): Promise<string | undefined>;
  /** The next message of the proxy. */
  next(): Promise<Record<string, unknown>>;
  /** Closes the client's end, and waits for the end of the proxy. */
  end(): Promise<void>;
  /** Ends the proxy as Ctrl-C does, and waits for it. */
  interrupt(): Promise<void>;
  /** Stops the server: every connection breaks. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
}

/** Less than by default, so that a test of the limit is quick. */
export const maxMessageBytes = 1_048_576;

/** A proxy between a client, which the test plays, and a server with real connections. */
export async function startWorld(handler: Handler, getToken?: GetToken): Promise<World> {
  const received: Received[] = [];
  const server = createHttpServer(handler, received);
  await server.start();
  const [notices, pauses, tokenRequests] = [[] as string[], [] as number[], [] as (string | undefined)[]];
  const waits: (() => void)[] = [];
  const input = new PassThrough();
  const output = new PassThrough();
  const controller = new AbortController();
  const url = new URL(`http://127.0.0.1:${server.port()}/mcp`);
  const { send, close } = createSend(url, async () => ({}));
  const token: GetToken = async (options, signal) => {
    tokenRequests.push(options.claims);
    return (await getToken?.(options, signal)) ?? "token-1";
  };
  const connection = createConnection(
    {
      host: "mcp.test",
      send: authorized(send, token),
      write: async ({ text }) => void output.write(toLine(text)),
      notice: (text) => void notices.push(text),
      sleep: (ms, signal) => pause(ms, signal, pauses, waits),
      signal: controller.signal,
    },
    maxMessageBytes,
  );
  const running = runProxy(connection, input);
  const lines = linesOf(output);
  const finish = async () => {
    await running;
    close();
  };
  const world: World = {
    port: server.port(),
    received,
    notices,
    tokenRequests,
    pauses,
    endWaits() {
      for (const end of waits.splice(0)) end();
    },
    line: (text) => void input.write(`${text}\n`),
    say: (message) => void input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    nextLine: async () => (await lines.next()).value ?? undefined,
    next: async () => JSON.parse((await world.nextLine()) ?? "null"),
    async end() {
      input.end();
      await finish();
    },
    async interrupt() {
      controller.abort();
      input.destroy();
      await finish();
    },
    stopServer: server.stop,
    startServer: server.start,
    async [Symbol.asyncDispose]() {
      await world.interrupt();
      await server.stop();
    },
  };
  return world;
}

/** Ends at once; long waits end when the test says so. */
function pause(ms: number, signal: AbortSignal, pauses: number[], waits: (() => void)[]): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const isLong = ms >= 10_000;
  if (!isLong) pauses.push(ms);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (isLong) waits.push(resolve);
    else setImmediate(resolve);
  });
}

async function* linesOf(output: PassThrough): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of output) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function createHttpServer(handler: Handler, received: Received[]) {
  const sockets = new Set<Socket>();
  let port = 0;
  let server = createServer();
  const start = async () => {
    server = createServer(async (incoming, response) => {
      response.on("error", () => undefined);
      const text = Buffer.concat(await incoming.toArray().catch(() => [])).toString("utf8");
      const request = {
        method: incoming.method ?? "",
        headers: incoming.headers,
        text,
        message: text === "" ? {} : JSON.parse(text),
      };
      received.push(request);
      handler(request, response);
    });
    server.on("connection", (socket: Socket) => {
      sockets.add(socket.on("error", () => undefined));
      socket.once("close", () => sockets.delete(socket));
    });
    await once(server.listen(port, "127.0.0.1"), "listening");
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { start, stop, port: () => port };
}

/** Answers a request with a result, as JSON. */
export function answerJson(response: ServerResponse, id: unknown, result: unknown = {}, headers = {}): void {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
}

/** Answers with an error of JSON-RPC. */
export function answerError(response: ServerResponse, status: number, error: object, id?: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id, error }));
}

/** One event of a stream. */
export function event(message: object | undefined, { id, retry }: { id?: string; retry?: number } = {}): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    `data: ${message === undefined ? "" : JSON.stringify({ jsonrpc: "2.0", ...message })}`,
  ];
  return `${lines.join("\n")}\n\n`;
}

export const eventStream = { "content-type": "text/event-stream" };
