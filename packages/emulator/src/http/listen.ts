import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import type { ServerCertificate } from "./certificates.ts";

export interface Listener {
  readonly port: number;
  /** Replaces the certificate for new connections. Without TLS it has no effect. */
  replaceCertificate(tls: ServerCertificate): void;
  /** Ends every connection, and resolves when the port is free. */
  close(): Promise<void>;
}

/** Maximum number of attempts to find a port that is free on both loopback addresses. */
const maxAttempts = 5;

/**
 * Listens on the port that was asked for, or on a free one, of 127.0.0.1 and, if the machine has
 * IPv6, of ::1, because `localhost` may resolve to either. With a certificate it is a TLS server.
 */
export async function listenOnLoopback(
  tls: ServerCertificate | undefined,
  onRequest: RequestListener,
  wantedPort = 0,
): Promise<Listener> {
  const open = (host: string, port: number) => openServer(tls, onRequest, host, port);
  for (let attempt = 1; ; attempt++) {
    const ipv4 = await open("127.0.0.1", wantedPort);
    try {
      const ipv6 = await open("::1", ipv4.port);
      return join(ipv4, ipv6);
    } catch (error) {
      if (!isCode(error, "EADDRINUSE")) return ipv4; // the machine has no IPv6
      if (wantedPort === 0 && attempt === maxAttempts) return ipv4;
      await ipv4.close();
      if (wantedPort !== 0) throw error;
    }
  }
}

function join(one: Listener, other: Listener): Listener {
  return {
    port: one.port,
    replaceCertificate(tls) {
      one.replaceCertificate(tls);
      other.replaceCertificate(tls);
    },
    close: async () => void (await Promise.all([one.close(), other.close()])),
  };
}

async function openServer(
  tls: ServerCertificate | undefined,
  onRequest: RequestListener,
  host: string,
  port: number,
): Promise<Listener> {
  const secure = tls && createSecureServer(toSecureContext(tls), onRequest);
  const server = secure ?? createServer(onRequest);
  // Clients that send no request for a while keep their connections. Otherwise one whose process
  // was busy sends its next request at the moment at which the connection is ended, and fails.
  server.keepAliveTimeout = 0;
  const sockets = trackSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    replaceCertificate: (replacement) => secure?.setSecureContext(toSecureContext(replacement)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function toSecureContext({ certificate, key }: ServerCertificate): { readonly cert: string; readonly key: string } {
  return { cert: certificate, key };
}

/**
 * `closeAllConnections` covers only HTTP connections; an unfinished TLS handshake would delay the
 * close.
 */
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
