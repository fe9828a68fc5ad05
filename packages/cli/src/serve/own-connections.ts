import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** The connections that this process has opened. */
export interface OwnConnections {
  /** Whether one of them begins at this address and port of this machine. */
  has(address: string, port: number): boolean;
  close(): void;
}

/** Published by Node.js for each connection that a program opens. */
const channel = "net.client.socket";

const nameOf = (address: string, port: number) => `${address.replace(/^::ffff:/i, "")} ${port}`;

/**
 * Follows the connections that this process opens, so that the relay recognizes its own identity among
 * its clients. It would otherwise wait for itself: with the relay's variables in the environment of
 * `azid serve`, or its URL in the config.
 */
export function followOwnConnections(): OwnConnections {
  const begins = new Set<string>();
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once("connect", () => {
      const { localAddress, localPort } = socket;
      if (localAddress === undefined || localPort === undefined) return; // a Unix socket
      const begin = nameOf(localAddress, localPort);
      begins.add(begin);
      socket.once("close", () => begins.delete(begin));
    });
  };
  subscribe(channel, onSocket);
  return { has: (address, port) => begins.has(nameOf(address, port)), close: () => unsubscribe(channel, onSocket) };
}
