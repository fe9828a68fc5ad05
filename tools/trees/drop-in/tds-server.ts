/**
 * A SQL server that demands a token of Entra (FEDAUTH), as MS-TDS describes it: prelogin, login,
 * where the token is to come from, the token, and an empty result for each batch and call.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface TdsServer extends AsyncDisposable {
  readonly port: number;
  /** The tokens that connections have sent, in the order of arrival. */
  readonly tokens: string[];
}

interface Login {
  readonly tokens: string[];
  readonly accepts: (token: string) => boolean;
}

const packet = { batch: 0x01, rpc: 0x03, response: 0x04, login: 0x10, prelogin: 0x12, token: 0x08 };
const headerLength = 8;

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** Version 16, no encryption, a token is required. */
const prelogin = Buffer.from([0, 0, 16, 0, 6, 1, 0, 22, 0, 1, 6, 0, 23, 0, 1, 255, 16, 0, 0, 0, 0, 0, 2, 1]);

function whereTokensComeFrom(): Buffer {
  // ids 1 and 2: the authority and the SPN
  const texts = ["https://login.microsoftonline.com/common", "https://database.windows.net/"];
  const data = texts.map((text) => Buffer.from(text, "utf16le"));
  const entries = data.map((bytes, index) => {
    const offset = 4 + 9 * data.length + data.slice(0, index).reduce((sum, { length }) => sum + length, 0);
    return Buffer.concat([Buffer.from([index + 1]), uint32(bytes.length), uint32(offset)]);
  });
  const info = Buffer.concat([uint32(data.length), ...entries, ...data]);
  return Buffer.concat([Buffer.from([0xee]), uint32(info.length), info]);
}

const done = Buffer.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const procedureDone = Buffer.from([0xfe, ...done.subarray(1)]);

function acceptedLogin(): Buffer {
  const name = Buffer.from("SQL", "utf16le");
  const login = Buffer.from([1, 0x74, 0, 0, 4, name.length / 2, ...name, 16, 0, 0, 0]); // TDS 7.4
  const length = Buffer.from([login.length & 255, login.length >> 8]);
  const tokenAccepted = Buffer.from([0xae, 0x02, 0, 0, 0, 0, 0xff]);
  return Buffer.concat([Buffer.from([0xad]), length, login, tokenAccepted, done]);
}

/** The error of a login, class 14. */
function refusedLogin(): Buffer {
  const text = Buffer.from("Login failed for user '<token-identified principal>'.", "utf16le");
  const line = Buffer.alloc(4);
  const message = Buffer.concat([Buffer.from([text.length / 2, 0]), text, Buffer.from([0, 0]), line]);
  const error = Buffer.concat([uint32(18_456), Buffer.from([1, 14]), message]); // the number of "Login failed"
  return Buffer.concat([Buffer.from([0xaa, error.length & 255, error.length >> 8]), error, done]);
}

function reply(socket: Socket, body: Buffer): void {
  const header = Buffer.from([packet.response, 1, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(headerLength + body.length, 2);
  socket.write(Buffer.concat([header, body]));
}

function answer(socket: Socket, type: number, body: Buffer, { tokens, accepts }: Login): void {
  if (type === packet.prelogin) reply(socket, prelogin);
  else if (type === packet.login) reply(socket, whereTokensComeFrom());
  else if (type === packet.batch) reply(socket, done);
  else if (type === packet.rpc) reply(socket, procedureDone);
  else if (type === packet.token) {
    const token = body.subarray(8).toString("utf16le");
    tokens.push(token);
    reply(socket, accepts(token) ? acceptedLogin() : refusedLogin());
  }
}

async function serve(socket: Socket, login: Login): Promise<void> {
  let rest = Buffer.alloc(0);
  let message = Buffer.alloc(0); // of several packets
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headerLength && rest.length >= rest.readUInt16BE(2)) {
      const length = rest.readUInt16BE(2);
      const [type = 0, status = 0] = rest;
      message = Buffer.concat([message, rest.subarray(headerLength, length)]);
      rest = rest.subarray(length);
      if ((status & 1) === 0) continue;
      answer(socket, type, message, login);
      message = Buffer.alloc(0);
    }
  }
}

/** @param accepts Default: every token */
export async function startTdsServer(accepts: (token: string) => boolean = () => true): Promise<TdsServer> {
  const tokens: string[] = [];
  const server = createServer((socket) => void serve(socket, { tokens, accepts }).catch(() => socket.destroy()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    tokens,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
