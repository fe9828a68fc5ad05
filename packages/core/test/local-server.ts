import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";

export interface LocalServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Of all connections so far. */
  readonly sockets: readonly Socket[];
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens on a free port of this machine until the test is over. */
export async function listen(server: Server, scheme = "http"): Promise<LocalServer> {
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => void sockets.push(socket.on("error", () => undefined)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://localhost:${port}`,
    port,
    sockets,
    async [Symbol.asyncDispose]() {
      const gone = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await gone;
    },
  };
}

export const listenPlain = (handler: Handler) => listen(http.createServer(handler));

export const hello: Handler = (_, response) => void response.end("hello");
