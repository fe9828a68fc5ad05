import { connect, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectSecurely, createSecureContext, TLSSocket } from "node:tls";
import type { ServerCertificate } from "../http/certificates.ts";

export interface TunnelRequest {
  readonly socket: Duplex;
  /** The bytes that the client has already sent. */
  readonly head: Buffer;
  /** The host that the client asked for. */
  readonly host: string;
  /** The port on 127.0.0.1 to connect to. */
  readonly port: number;
  /** Sends the response that the tunnel is open. */
  readonly opened: () => void;
}

/** Connects a client to a server. */
export type Tunnel = (request: TunnelRequest) => void;

/** Forwards the encrypted bytes. */
export const connectPlainly: Tunnel = ({ socket, head, port, opened }) => {
  const upstream = connect(port, "127.0.0.1", () => {
    opened();
    socket.unshift(head);
    join(socket, upstream);
  });
  endTogether(socket, upstream);
};

/** Terminates TLS with the certificate of the proxy, and opens a TLS connection to the server. */
export function inspectTls({ certificate, key }: ServerCertificate, caCertificate: string): Tunnel {
  const secureContext = createSecureContext({ cert: certificate, key });
  return ({ socket, head, host, port, opened }) => {
    const servername = isIP(host) ? "" : host;
    const upstream = connectSecurely({ port, host: "127.0.0.1", ca: caCertificate, servername }, () => {
      opened();
      socket.unshift(head);
      const client = new TLSSocket(socket as ConstructorParameters<typeof TLSSocket>[0], {
        isServer: true,
        secureContext,
      });
      endTogether(client, upstream);
      join(client, upstream);
    });
    endTogether(socket, upstream);
  };
}

function join(client: Duplex, upstream: Duplex): void {
  client.pipe(upstream).pipe(client);
}

/** Closes each side when the other one closes or fails. */
function endTogether(one: Duplex, other: Duplex): void {
  one.once("close", () => other.destroy());
  other.once("close", () => one.destroy());
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}
