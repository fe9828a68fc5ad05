import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../clock.ts";
import type { ServerCertificate } from "../http/certificates.ts";
import { connectPlainly, inspectTls, type Tunnel } from "./tunnel.ts";

/** The options of {@link AddOns.startProxy}. */
export interface ProxyOptions {
  /**
   * The credentials of Basic authentication; a request without them receives 407. Default: no
   * authentication.
   */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Whether the proxy terminates TLS with a certificate of its own authority. Default: false. */
  readonly inspectTls?: boolean;
}

/** A request to the proxy, without its credentials. */
export interface ProxyRequest {
  /** The HTTP method, such as `CONNECT`. */
  readonly method: string;
  /** `host:port` of a CONNECT request, otherwise the URL. */
  readonly target: string;
  /** HTTP status of the response. */
  readonly status: number;
  /** Milliseconds since 1970-01-01 UTC, on the emulator's clock. */
  readonly at: number;
}

/** A running CONNECT proxy. */
export interface ConnectProxy {
  /** `http://127.0.0.1:{port}` */
  readonly url: string;
  /**
   * PEM of the authority that clients have to trust if the proxy inspects TLS; otherwise
   * `undefined`.
   */
  readonly caCertificate: string | undefined;
  /** Every request, in the order of arrival. */
  readonly requests: readonly ProxyRequest[];
  /** `HTTPS_PROXY` and `HTTP_PROXY`, in both letter cases, with user name and password. */
  env(): Record<string, string>;
  /** Ends every tunnel and frees the port. Never rejects. */
  close(): Promise<void>;
}

export interface ProxyParts {
  readonly clock: Clock;
  /** The port on 127.0.0.1 for a host; `undefined` for a host that the proxy blocks. */
  readonly findPort: (host: string, port: number) => number | undefined;
  /** PEM of the emulator's authority. */
  readonly caCertificate: string;
  /** The certificate of a proxy that inspects TLS, and its authority. */
  readonly inspection: { readonly caCertificate: string; readonly serverCertificate: ServerCertificate } | undefined;
}

/**
 * Starts a proxy on loopback that sends Microsoft's hosts to the emulator and opens no connection
 * to another machine.
 */
export async function startProxy({ credentials }: ProxyOptions, parts: ProxyParts): Promise<ConnectProxy> {
  const requests: ProxyRequest[] = [];
  const server = createProxyServer(credentials && encodeBasic(credentials), parts, requests);
  const sockets = trackSockets(server);
  await new Promise<void>((resolve, reject) => void server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    caCertificate: parts.inspection?.caCertificate,
    requests,
    env: () => describeProxy(port, credentials),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * `authorization` is the `Proxy-Authorization` header that clients have to send; `undefined` for a
 * proxy without a password.
 */
function createProxyServer(authorization: string | undefined, parts: ProxyParts, requests: ProxyRequest[]): Server {
  const tunnel: Tunnel =
    parts.inspection === undefined
      ? connectPlainly
      : inspectTls(parts.inspection.serverCertificate, parts.caCertificate);
  const record = ({ method = "GET", url = "" }: IncomingMessage, status: number) => {
    requests.push({ method, target: url, status, at: parts.clock.now() });
    return status;
  };
  const isAuthorized = ({ headers }: IncomingMessage) =>
    authorization === undefined || headers["proxy-authorization"] === authorization;

  const server = createServer((message, response) => {
    const status = record(message, isAuthorized(message) ? 403 : 407);
    response.writeHead(status, refusals[status]).end();
  });
  return server.on("connect", (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { host, port } = readTarget(message.url);
    const target = parts.findPort(host, port);
    const status = record(message, !isAuthorized(message) ? 407 : target === undefined ? 403 : 200);
    socket.on("error", () => socket.destroy());
    if (status !== 200 || target === undefined) socket.end(statusLine(status));
    else tunnel({ socket, head, host, port: target, opened: () => socket.write(statusLine(200)) });
  });
}

function describeProxy(port: number, credentials: ProxyOptions["credentials"]): Record<string, string> {
  const userInfo = credentials
    ? `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`
    : "";
  const url = `http://${userInfo}127.0.0.1:${port}`;
  return { HTTPS_PROXY: url, HTTP_PROXY: url, https_proxy: url, http_proxy: url };
}

const refusals: Readonly<Record<number, Record<string, string>>> = {
  403: { "content-length": "0" },
  407: { "content-length": "0", "proxy-authenticate": 'Basic realm="azidentity emulator"' },
};

const reasons: Readonly<Record<number, string>> = {
  200: "Connection established",
  403: "Forbidden",
  407: "Proxy Authentication Required",
};

function statusLine(status: number): string {
  const headers = Object.entries(refusals[status] ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reasons[status]}\r\n${headers.join("")}\r\n`;
}

function encodeBasic({ username, password }: NonNullable<ProxyOptions["credentials"]>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Parses `host:port`; an IPv6 address is in brackets. */
function readTarget(target = ""): { readonly host: string; readonly port: number } {
  const [, host = "", port = "443"] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(target) ?? [];
  return { host, port: Number(port) };
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}
