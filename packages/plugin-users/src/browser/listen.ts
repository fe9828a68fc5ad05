import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { outcomeError } from "@azidentity/core/plugin";

/**
 * A server on loopback addresses, with the same port on each. It does not keep the process alive.
 */
export interface Listener {
  readonly port: number;
  /** Closes every connection; resolves when the port is free. */
  close(): Promise<void>;
}

/** Attempts to find a port that is free on all addresses. */
const maxAttempts = 5;
/**
 * Timeouts in milliseconds, the header size in bytes. By default Node checks for overdue
 * connections only every 30 seconds.
 */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};

/** Listens on each address that this machine has; throws `redirect-port-taken` if one is in use. */
export async function listenOnLoopback(
  sourceName: string,
  addresses: readonly [string, ...string[]],
  port: number,
  onRequest: RequestListener,
): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openAll(addresses, port, onRequest);
    } catch (cause) {
      if (codeOf(cause) === "EADDRINUSE" && port === 0 && attempt < maxAttempts) continue;
      throw cannotListen(sourceName, port, cause);
    }
  }
}

async function openAll(
  [first, ...others]: readonly [string, ...string[]],
  port: number,
  onRequest: RequestListener,
): Promise<Listener> {
  const main = await open(first, port, onRequest);
  const servers = [main];
  const close = async () => void (await Promise.all(servers.map(closeServer)));
  const { port: chosen } = main.address() as AddressInfo;
  try {
    for (const address of others) servers.push(await open(address, chosen, onRequest));
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") {
      await close();
      throw error;
    }
    // this machine does not have that address family
  }
  return { port: chosen, close };
}

function open(host: string, port: number, onRequest: RequestListener): Promise<Server> {
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer(limits, onRequest);
  server.maxConnections = 32;
  server.unref();
  server.on("connection", (socket) => socket.unref());
  return new Promise((resolve, reject) => {
    server.on("error", reject); // later errors concern single connections
    // exclusive: otherwise workers of a cluster share it
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}

function cannotListen(sourceName: string, port: number, cause: unknown): Error {
  if (port !== 0 && ["EADDRINUSE", "EACCES"].includes(String(codeOf(cause)))) {
    return outcomeError(
      "misconfigured",
      `${sourceName}: port ${port} of \`redirectUri\` is not available; another program may be using it.`,
      {
        code: "redirect-port-taken",
        remedy: "End that program, set another port, or none: Entra accepts any port of `http://localhost`.",
        cause,
      },
    );
  }
  return outcomeError("failed", `${sourceName}: this machine cannot serve the page that the browser returns to.`, {
    code: "no-loopback",
    remedy: "Check that programs may listen on 127.0.0.1, or use the source `device-code`, which needs no such page.",
    cause,
  });
}
