/**
 * A directory that answers simple binds, RFC 4511, section 4.2: how a PostgreSQL without Entra asks
 * for each connection whether the password is a valid token.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

const tag = { bindRequest: 0x60, bindResponse: 0x61 };
const result = { success: 0, invalidCredentials: 49 };

interface Element {
  readonly tag: number;
  readonly value: Buffer;
  /** What follows the element. */
  readonly rest: Buffer;
}

/** The first element of a BER encoding; `undefined` while it is not complete. */
function readElement(data: Buffer): Element | undefined {
  const [first, short] = data;
  if (first === undefined || short === undefined) return undefined;
  const more = short < 0x80 ? 0 : short & 0x7f; // bytes of a long length
  if (data.length < 2 + more) return undefined;
  const length = more === 0 ? short : data.readUIntBE(2, more);
  const start = 2 + more;
  if (data.length < start + length) return undefined;
  return { tag: first, value: data.subarray(start, start + length), rest: data.subarray(start + length) };
}

/** The elements in a sequence. */
function readAll(data: Buffer): Element[] {
  const element = readElement(data);
  return element === undefined ? [] : [element, ...readAll(element.rest)];
}

/** The response to a message; `undefined`: it has none. */
function answer(message: Buffer, accepts: (name: string, password: string) => boolean): Buffer | undefined {
  const [id, request] = readAll(message);
  if (id === undefined || request?.tag !== tag.bindRequest) return undefined;
  const [, name, password] = readAll(request.value).map(({ value }) => value.toString("utf8"));
  const code = accepts(name ?? "", password ?? "") ? result.success : result.invalidCredentials;
  const body = Buffer.from([tag.bindResponse, 7, 0x0a, 1, code, 4, 0, 4, 0]);
  const head = Buffer.from([0x02, id.value.length, ...id.value]);
  return Buffer.concat([Buffer.from([0x30, head.length + body.length]), head, body]);
}

async function serve(socket: Socket, accepts: (name: string, password: string) => boolean): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    for (let element = readElement(rest); element !== undefined; element = readElement(rest)) {
      rest = element.rest;
      const response = answer(element.value, accepts);
      if (response !== undefined) socket.write(response);
    }
  }
}

/** @param accepts Gets the distinguished name and the password of each bind */
export async function startLdapServer(
  accepts: (name: string, password: string) => boolean,
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => void serve(socket, accepts).catch(() => socket.destroy()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
