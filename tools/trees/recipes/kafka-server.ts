/**
 * A Kafka broker with TLS as far as SASL: which requests it knows, which mechanism, and the token
 * (RFC 7628). Requests are ended by their length; protocol: kafka.apache.org/protocol.
 */
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:tls";
import type { ServerCertificate } from "@azidentity/emulator";

type Accepts = (token: string) => boolean;

/** The requests that it knows. */
const api = { metadata: 3, saslHandshake: 17, apiVersions: 18, saslAuthenticate: 36 };
/** The highest version of each; the lowest is 0. */
const versionsOf = new Map([
  [api.metadata, 0],
  [api.saslHandshake, 1],
  [api.apiVersions, 1],
  [api.saslAuthenticate, 1],
]);
const saslAuthenticationFailed = 58;
/** How long a client may use a connection before it has to send a token again. */
const sessionMs = 3_600_000;

const int16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number) => Buffer.concat([int16(value >>> 16), int16(value & 0xffff)]);
const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);

const versions = Buffer.concat([
  int16(0),
  int32(versionsOf.size),
  ...[...versionsOf].flatMap(([key, highest]) => [int16(key), int16(0), int16(highest)]),
  int32(0), // throttle time
]);
const mechanisms = Buffer.concat([int16(0), int32(1), text("OAUTHBEARER")]);

/** The broker itself, without topics. */
const metadata = (port: number) => Buffer.concat([int32(1), int32(0), text("localhost"), int32(port), int32(0)]);

function authenticated(isAccepted: boolean): Buffer {
  const [error, message] = isAccepted ? [0, int16(0xffff)] : [saslAuthenticationFailed, text("The token is refused.")];
  return Buffer.concat([int16(error), message, int32(0), int32(0), int32(sessionMs)]);
}

function answer(request: Buffer, port: number, accepts: Accepts): Buffer {
  const key = request.readInt16BE(0);
  if (key === api.metadata) return metadata(port);
  if (key === api.apiVersions) return versions;
  if (key === api.saslHandshake) return mechanisms;
  const [, credentials = ""] = request.toString("latin1").split("auth=Bearer ");
  return authenticated(accepts(credentials.split("\x01")[0] ?? ""));
}

async function serve(socket: Socket, accepts: Accepts): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      const request = rest.subarray(4, end);
      rest = rest.subarray(end);
      const correlationId = request.subarray(4, 8);
      const response = answer(request, socket.localPort ?? 0, accepts);
      socket.write(Buffer.concat([int32(4 + response.length), correlationId, response]));
    }
  }
}

export interface KafkaServer extends AsyncDisposable {
  readonly port: number;
  /** In the order of arrival. */
  readonly signIns: readonly SignIn[];
}

export interface SignIn {
  readonly connection: Socket;
  readonly token: string;
}

/** @param accepts Gets the token of each sign-in */
export async function startKafka({ certificate, key }: ServerCertificate, accepts: Accepts): Promise<KafkaServer> {
  const signIns: SignIn[] = [];
  const server = createServer({ cert: certificate, key }, (connection) => {
    const take = (token: string) => {
      signIns.push({ connection, token });
      return accepts(token);
    };
    serve(
      connection.on("error", () => connection.destroy()),
      take,
    ).catch(() => connection.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    signIns,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
