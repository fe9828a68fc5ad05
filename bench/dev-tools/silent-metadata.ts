/**
 * A metadata service that never answers, for all HTTP clients of this process: ours and the peer's.
 */
import { once } from "node:events";
import net, { type AddressInfo, type NetConnectOpts } from "node:net";

const address = "169.254.169.254";

export async function startSilentMetadata() {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    socket.on("error", () => undefined);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
    const options = [args[0]].flat()[0] as NetConnectOpts & { host?: string; port?: number };
    if (options?.host === address) Object.assign(options, { host: "127.0.0.1", port });
    return Reflect.apply(connect, this, args);
  } as typeof connect;
  return {
    /** Number of connections so far. */
    connections: () => connections,
    close: () => void server.close(),
  };
}
