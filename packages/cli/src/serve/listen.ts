import type { RequestListener, Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { CommandError } from "../errors/command-error.ts";
import { limitConnections } from "./limit-connections.ts";
import { malformedResponse } from "./send.ts";

/** What one connection may take, and how many there may be. */
export interface ConnectionLimits {
  /** Connections at the same time, for each address. */
  readonly maxConnections: number;
  readonly maxHeaderBytes: number;
  /** Until all headers of a request have come. */
  readonly headersTimeoutMs: number;
  /** Until a whole request has come. */
  readonly requestTimeoutMs: number;
  /** How long a connection may be idle between two requests. */
  readonly keepAliveTimeoutMs: number;
  /** How often the first two timeouts are checked. */
  readonly checkIntervalMs: number;
}

export const connectionLimits: ConnectionLimits = {
  maxConnections: 2_048,
  maxHeaderBytes: 16_384,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  keepAliveTimeoutMs: 5_000,
  checkIntervalMs: 1_000,
};

export interface Listener {
  /** The port of all addresses. */
  readonly port: number;
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>;
}

type Place = { readonly host: string; readonly port: number } | { readonly path: string };

/** Opens a server at an address or a Unix socket. */
export async function openServer(
  place: Place,
  onRequest: RequestListener,
  limits: ConnectionLimits = connectionLimits,
): Promise<Listener> {
  // as an import, it would load all that it exports, fetch and WebSocket among it: 6 MB
  const server = process.getBuiltinModule("node:http").createServer(
    {
      requireHostHeader: false, // the check of the host answers in the words of the protocol
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
    },
    onRequest,
  );
  limitConnections(server, limits.maxConnections);
  server.on("clientError", ({ code }: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writable) socket.end(malformedResponse(code), () => socket.destroy());
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ ...place, exclusive: true, backlog: limits.maxConnections }, resolve);
  });
  const address = server.address() as AddressInfo | string;
  return { port: typeof address === "string" ? 0 : address.port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const loopback = ["127.0.0.1", "::1"];

/** How often a port is looked for that is free at all addresses. */
const maxAttempts = 5;

/**
 * Listens on loopback, by number, and on the addresses of `others`; at the same port everywhere,
 * because `localhost` may lead to either loopback address.
 *
 * @param port 0: one that is free
 * @throws {CommandError} `port-in-use`, `address-unavailable`
 */
export async function listen(
  { port, others = [] }: { readonly port: number; readonly others?: readonly string[] },
  onRequest: RequestListener,
  limits?: ConnectionLimits,
): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    const opened: Listener[] = [];
    const close = async () => void (await Promise.all(opened.map((one) => one.close())));
    try {
      for (const host of [...loopback, ...others]) {
        const one = await openServer({ host, port: opened[0]?.port ?? port }, onRequest, limits).catch((error) => {
          if (host === "::1" && isAbsent(error)) return undefined; // the machine has no IPv6
          throw listenError(error, host, opened[0]?.port ?? port);
        });
        if (one !== undefined) opened.push(one);
      }
      return { port: (opened[0] as Listener).port, close };
    } catch (error) {
      await close();
      const isRetried = port === 0 && (error as CommandError).code === "port-in-use" && attempt < maxAttempts;
      if (!isRetried) throw error;
    }
  }
}

const isAbsent = ({ code }: NodeJS.ErrnoException) => code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";

function listenError(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  const at = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (error.code === "EADDRINUSE") {
    return new CommandError("port-in-use", `Another program listens at ${at}.`, {
      remedy: "Is it another azid serve? End it, or choose another --port; without --port, a free one is taken.",
      cause: error,
    });
  }
  if (error.code === "EACCES") {
    return new CommandError("port-in-use", `The system does not allow to listen at ${at}.`, {
      remedy: "Choose a --port above 1023; without --port, a free one is taken.",
      cause: error,
    });
  }
  if (!isAbsent(error)) return error;
  return new CommandError("address-unavailable", `This machine has no address ${host}.`, {
    remedy: "List its addresses with: ip address",
    cause: error,
  });
}
