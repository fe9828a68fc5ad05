/**
 * A MongoDB with TLS as far as the sign-in by MONGODB-OIDC: greeting, the token in one step, and an
 * empty result for each command. Protocol: mongodb.com/docs/manual/reference/mongodb-wire-protocol,
 * and the specification of the drivers.
 */
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:tls";
import type { ServerCertificate } from "@azidentity/emulator";

/** The part of `bson` that is used; it is installed with the driver. */
export interface Bson {
  serialize(document: object): Uint8Array;
  // biome-ignore lint/suspicious/noExplicitAny: what the driver sends
  deserialize(bytes: Uint8Array): any;
  readonly Binary: new (bytes: Uint8Array) => object;
}

export interface SignIn {
  readonly connection: Socket;
  readonly token: string;
}

export interface MongodbServer extends AsyncDisposable {
  readonly port: number;
  /** In the order of arrival. */
  readonly signIns: readonly SignIn[];
  /** Answers the next command with the demand for a new token. */
  demandToken(): void;
}

interface State {
  readonly bson: Bson;
  readonly accepts: (token: string) => boolean;
  readonly signIns: SignIn[];
  isTokenDemanded: boolean;
}

const opCode = { reply: 1, query: 2004, message: 2013 };
const headerLength = 16;
const greeting = {
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 25,
  ok: 1,
};
const refused = { ok: 0, code: 18, codeName: "AuthenticationFailed", errmsg: "Authentication failed." };
const tokenDemanded = { ok: 0, code: 391, codeName: "ReauthenticationRequired", errmsg: "The token has expired." };

const int32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32LE(value, 4 * index);
  return bytes;
};

// biome-ignore lint/suspicious/noExplicitAny: what the driver sends
function answer(state: State, connection: Socket, command: any): object {
  const { bson, accepts, signIns } = state;
  if (command.hello !== undefined || command.ismaster !== undefined || command.isMaster !== undefined) {
    const { saslStart } = command.speculativeAuthenticate ?? {};
    if (saslStart === undefined) return greeting;
    const signedIn = answer(state, connection, command.speculativeAuthenticate);
    return signedIn === refused ? greeting : { ...greeting, speculativeAuthenticate: signedIn };
  }
  if (command.saslStart !== undefined) {
    const token: string = bson.deserialize(command.payload.buffer).jwt;
    signIns.push({ connection, token });
    return accepts(token)
      ? { conversationId: 1, done: true, payload: new bson.Binary(Buffer.alloc(0)), ok: 1 }
      : refused;
  }
  if (!state.isTokenDemanded) return { ok: 1 };
  state.isTokenDemanded = false;
  return tokenDemanded;
}

/**
 * The response to one message: its document is behind the flags, and the name of the collection in
 * a query.
 */
function respond(state: State, connection: Socket, message: Buffer): Buffer {
  const [id, code] = [message.readInt32LE(4), message.readInt32LE(12)];
  const isQuery = code === opCode.query;
  const start = isQuery ? message.indexOf(0, headerLength + 4) + 9 : headerLength + 5;
  const length = message.readInt32LE(start);
  const command = state.bson.deserialize(message.subarray(start, start + length));
  const document = state.bson.serialize(answer(state, connection, command));
  const flags = isQuery ? int32(0, 0, 0, 0, 1) : Buffer.alloc(5);
  const head = int32(headerLength + flags.length + document.length, 1, id, isQuery ? opCode.reply : opCode.message);
  return Buffer.concat([head, flags, document]);
}

async function serve(state: State, connection: Socket): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of connection) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      connection.write(respond(state, connection, rest.subarray(0, length)));
      rest = rest.subarray(length);
    }
  }
}

/** @param accepts Gets the token of each sign-in */
export async function startMongodb(
  bson: Bson,
  { certificate, key }: ServerCertificate,
  accepts: (token: string) => boolean,
): Promise<MongodbServer> {
  const state: State = { bson, accepts, signIns: [], isTokenDemanded: false };
  const server = createServer({ cert: certificate, key }, (connection) => {
    connection.on("error", () => connection.destroy());
    serve(state, connection).catch(() => connection.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    signIns: state.signIns,
    demandToken() {
      state.isTokenDemanded = true;
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
