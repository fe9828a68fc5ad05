/** A server of which its clients hear nothing, from the beginning or from a moment on. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Gate extends AsyncDisposable {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  /** From now on clients get nothing more. */
  silence(): void;
  /** Closes what is open, and takes no more connections. */
  close(): void;
}

/**
 * @param target The port of the server behind it; `undefined`: connections are accepted, and that
 *   is all
 */
export async function startGate(target?: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  let connections = 0;
  const hold = (socket: Socket) => void sockets.add(socket.on("error", () => socket.destroy()));
  const server = createServer((client) => {
    connections++;
    hold(client);
    if (target === undefined) return void client.resume();
    const behind = connect(target, "127.0.0.1");
    hold(behind);
    client.on("data", (data) => behind.write(data)).on("close", () => behind.destroy());
    behind.on("data", (data) => isSilent || client.write(data)).on("close", () => isSilent || client.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const destroy = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    silence() {
      isSilent = true;
    },
    close() {
      server.close();
      destroy();
    },
    async [Symbol.asyncDispose]() {
      destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
