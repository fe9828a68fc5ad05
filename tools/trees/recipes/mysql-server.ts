/**
 * A MySQL that demands a token in clear text over TLS, as Azure's does: greeting, TLS, login, switch to
 * mysql_clear_password, and an empty result for each query. Nothing that Debian has does this without
 * a change of the machine's PAM. Protocol: dev.mysql.com, "Connection Phase".
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ServerCertificate } from "@azidentity/emulator";

export interface MysqlServer extends AsyncDisposable {
  readonly port: number;
}

type Accepts = (user: string, password: string) => boolean;

/** The protocol since 4.1, TLS, plugins, a database in the login. */
const capabilities = 0x8_0000 | 0x8000 | 0x0200 | 0x0800 | 0x0008;
const sslRequestLength = 32;
const command = { quit: 0x01 };
const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const accessDenied = 1045;

function greeting(): Buffer {
  const head = Buffer.from("\x0a8.0.40-azure\0\x01\0\0\0saltsalt\0", "latin1");
  const flags = Buffer.alloc(7);
  flags.writeUInt16LE(capabilities & 0xffff, 0);
  flags[2] = 45; // utf8mb4
  flags.writeUInt16LE(2, 3); // autocommit
  flags.writeUInt16LE(capabilities >>> 16, 5);
  const tail = Buffer.concat([
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.from("saltsaltsalt\0caching_sha2_password\0"),
  ]);
  return Buffer.concat([head, flags, tail]);
}

const switchToClearText = Buffer.from("\xfemysql_clear_password\0", "latin1");

function denied(user: string): Buffer {
  const errno = Buffer.from([accessDenied & 255, accessDenied >> 8]);
  const message = `#28000Access denied for user '${user}'@'localhost' (using password: YES)`;
  return Buffer.concat([Buffer.from([0xff]), errno, Buffer.from(message)]);
}

function send(socket: Socket, sequence: number, body: Buffer): void {
  const header = Buffer.from([0, 0, 0, sequence]);
  header.writeUIntLE(body.length, 0, 3);
  socket.write(Buffer.concat([header, body]));
}

/** The packets of a connection, each with its number. */
async function* packets(socket: Socket): AsyncGenerator<{ readonly sequence: number; readonly body: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
      const end = 4 + rest.readUIntLE(0, 3);
      yield { sequence: rest[3] ?? 0, body: rest.subarray(4, end) };
      rest = rest.subarray(end);
    }
  }
}

/** Greets, and goes on over TLS when the client has asked for it. */
async function secure(socket: Socket, { certificate, key }: ServerCertificate): Promise<TLSSocket> {
  send(socket, 0, greeting());
  const [chunk] = (await once(socket, "data")) as [Buffer];
  if (chunk.readUIntLE(0, 3) !== sslRequestLength) throw new Error("The client has sent its login without TLS.");
  socket.pause();
  if (chunk.length > 4 + sslRequestLength) socket.unshift(chunk.subarray(4 + sslRequestLength));
  return new TLSSocket(socket, { isServer: true, cert: certificate, key });
}

async function serve(plain: Socket, certificate: ServerCertificate, accepts: Accepts): Promise<void> {
  const socket = await secure(plain, certificate);
  const received = packets(socket);
  const login = (await received.next()).value;
  if (login === undefined) return;
  const user = login.body.subarray(sslRequestLength, login.body.indexOf(0, sslRequestLength)).toString();
  send(socket, login.sequence + 1, switchToClearText);
  const password = (await received.next()).value;
  if (password === undefined) return;
  const isAccepted = accepts(user, password.body.subarray(0, -1).toString());
  send(socket, password.sequence + 1, isAccepted ? ok : denied(user));
  if (!isAccepted) return void socket.end();
  for await (const { body } of received) {
    if (body[0] === command.quit) break;
    send(socket, 1, ok);
  }
  socket.end();
}

/** @param accepts Gets user and password of each connection */
export async function startMysql(certificate: ServerCertificate, accepts: Accepts): Promise<MysqlServer> {
  const server = createServer((socket) => {
    serve(
      socket.on("error", () => socket.destroy()),
      certificate,
      accepts,
    ).catch(() => socket.destroy());
  });
  await once(server.listen(0), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
