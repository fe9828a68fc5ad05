import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** The connections that this process has opened. */
export interface OwnConnections {
  /** Whether an accepted connection is the other end of one of them. */
  has(accepted: Socket): boolean;
  close(): void;
}

/** Published by Node.js for each connection that a program opens. */
const channel = "net.client.socket";

type End = readonly [address: string | undefined, port: number | undefined];

/**
 * A connection is known by both of its ends: one port of this machine can have connections to
 * several others.
 */
const nameOf = (...ends: readonly [from: End, to: End]) =>
  ends.map(([address = "", port]) => `${address.replace(/^::ffff:/i, "")} ${port}`).join(" ");

/**
 * Follows the connections that this process opens, so that the relay recognizes its own identity
 * among its clients. It would otherwise wait for itself: with the relay's variables in the
 * environment of `azid serve`, or its URL in the config.
 */
export function followOwnConnections(): OwnConnections {
  const open = new Set<string>();
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once("connect", () => {
      const name = nameOf([socket.localAddress, socket.localPort], [socket.remoteAddress, socket.remotePort]);
      open.add(name);
      socket.once("close", () => open.delete(name));
    });
  };
  subscribe(channel, onSocket);
  return {
    has: ({ remoteAddress, remotePort, localAddress, localPort }) =>
      remotePort !== undefined && open.has(nameOf([remoteAddress, remotePort], [localAddress, localPort])),
    close: () => unsubscribe(channel, onSocket),
  };
}
