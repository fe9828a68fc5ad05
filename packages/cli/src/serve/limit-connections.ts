import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Bounds the connections of a server. One more closes the one that has waited longest without a
 * request, so that a program without a key cannot keep the others out by opening all of them; where
 * every connection waits for its answer, the new one is closed.
 */
export function limitConnections(server: Server, max: number): void {
  const open = new Set<Socket>();
  const idle = new Set<Socket>(); // the one that has waited longest first
  const forget = (socket: Socket) => {
    open.delete(socket);
    idle.delete(socket);
  };
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once("close", () => forget(socket));
    const [longest] = idle;
    if (open.size <= max || longest === undefined) return;
    forget(longest);
    longest.destroy();
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (open.has(socket)) idle.add(socket);
    });
  });
}
