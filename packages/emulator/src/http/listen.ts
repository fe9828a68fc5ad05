import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import type { ServerCertificate } from "./certificates.ts";

export interface Listener {
  readonly port: number;
  /** Ends every connection, answered or not, and resolves once the port is free. */
  close(): Promise<void>;
}

/** Attempts at finding one port that is free on both loopback addresses. */
const attempts = 5;

/** Listens with TLS on 127.0.0.1 and, where the machine has it, on the same port of ::1: `localhost` may mean either. */
export async function listenOnLoopback(tls: ServerCertificate, onRequest: RequestListener): Promise<Listener> {
  const open = (host: string, port: number) => openServer(tls, onRequest, host, port);
  for (let attempt = 1; ; attempt++) {
    const ipv4 = await open("127.0.0.1", 0);
    try {
      const ipv6 = await open("::1", ipv4.port);
      return { port: ipv4.port, close: async () => void (await Promise.all([ipv4.close(), ipv6.close()])) };
    } catch (error) {
      const taken = isCode(error, "EADDRINUSE") && attempt < attempts;
      if (!taken) return ipv4; // the machine has no IPv6
      await ipv4.close();
    }
  }
}

async function openServer(
  tls: ServerCertificate,
  onRequest: RequestListener,
  host: string,
  port: number,
): Promise<Listener> {
  const server = createServer({ cert: tls.certificate, key: tls.key }, onRequest);
  const sockets = trackSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** `closeAllConnections` knows HTTP connections only; a client in the middle of its TLS handshake would hold up the close. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
