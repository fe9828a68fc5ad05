/**
 * A minimal D-Bus client: it finds a service and calls a method. Source: the D-Bus specification,
 * sections "Message Protocol" and "Authentication Protocol".
 */

type Env = Readonly<Record<string, string | undefined>>;

/** Path of the session bus's socket; `undefined`: the session has no bus. */
export function findSessionBus(env: Env): string | undefined {
  const { existsSync } = process.getBuiltinModule("node:fs");
  const given = env.DBUS_SESSION_BUS_ADDRESS;
  if (given !== undefined)
    return given
      .split(";")
      .map(socketOf)
      .find((path) => path); // an empty path counts as none
  const usual = env.XDG_RUNTIME_DIR && `${env.XDG_RUNTIME_DIR}/bus`;
  return usual && existsSync(usual) ? usual : undefined;
}

/** Decodes the percent escapes of an address; `undefined` if one is not valid. */
function unescapePath(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/**
 * `unix:path=/run/user/1000/bus,guid=…`; the name of an abstract socket starts with a zero byte.
 */
function socketOf(address: string): string | undefined {
  const [transport, fields = ""] = address.split(":", 2);
  if (transport !== "unix") return undefined;
  const values = new Map(fields.split(",").map((field) => field.split("=", 2) as [string, string]));
  const [path, abstract] = [values.get("path"), values.get("abstract")];
  const name = unescapePath(abstract || path || "");
  return name && `${abstract ? "\0" : ""}${name}`;
}

/** A call of a method on the bus; all arguments are strings. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly arguments: readonly string[];
}

const daemonCall = (member: string, ...values: string[]): BusCall => {
  const name = "org.freedesktop.DBus";
  return { destination: name, path: "/org/freedesktop/DBus", interface: name, member, arguments: values };
};

/** Limit for all replies of one connection; the expected ones have a few thousand bytes. */
const maxReplyBytes = 1_048_576;

const kinds = { call: 1, reply: 2, error: 3 };

const padTo = (bytes: Buffer, to: number) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & (to - 1))]);

const encodeString = (value: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(`${value}\0`)]);
};

function encode(serial: number, { destination, path, interface: name, member, arguments: values }: BusCall): Buffer {
  const body = values.reduce((bytes, value) => Buffer.concat([padTo(bytes, 4), encodeString(value)]), Buffer.alloc(0));
  const signature = Buffer.from(`${String.fromCharCode(values.length)}${"s".repeat(values.length)}\0`);
  const fields = [
    [1, "o", encodeString(path)],
    [2, "s", encodeString(name)],
    [3, "s", encodeString(member)],
    [6, "s", encodeString(destination)],
    [8, "g", signature],
  ] as const;
  let header = Buffer.alloc(16);
  for (const [code, type, value] of fields) {
    header = Buffer.concat([padTo(header, 8), Buffer.from([code, 1, type.charCodeAt(0), 0]), value]);
  }
  header.set([0x6c, kinds.call, 0, 1]); // little endian, no flags, version 1
  header.writeUInt32LE(body.length, 4);
  header.writeUInt32LE(serial, 8);
  header.writeUInt32LE(header.length - 16, 12);
  return Buffer.concat([padTo(header, 8), body]);
}

/**
 * The bodies of the replies received so far, in order; empty for an error. Signals are skipped.
 * Each message is in the byte order of its sender.
 */
function decodeReplies(bytes: Buffer): Buffer[] {
  const replies: Buffer[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const isBigEndian = bytes[at] === 0x42;
    const read = (offset: number) => (isBigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset));
    const bodyLength = read(at + 4);
    const headerLength = 16 + read(at + 12);
    const start = at + headerLength + (-headerLength & 7);
    if (start + bodyLength > bytes.length) break;
    const kind = bytes[at + 1];
    if (kind === kinds.reply) replies.push(bytes.subarray(start, start + bodyLength));
    if (kind === kinds.error) replies.push(Buffer.alloc(0));
    at = start + bodyLength;
  }
  return replies;
}

/**
 * Sends calls over a new connection. Returns the bodies of the replies in the order of the calls;
 * rejects if there is no bus.
 */
function sendCalls(socketPath: string, calls: readonly BusCall[], signal: AbortSignal): Promise<Buffer[]> {
  const { connect } = process.getBuiltinModule("node:net");
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString("hex");
    const finish = (end: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      end();
    };
    const onAbort = () => finish(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) return onAbort();
    let received: Buffer = Buffer.alloc(0);
    let isGreeting = true;
    socket.on("connect", () => socket.write(`\0AUTH EXTERNAL ${user}\r\n`));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > maxReplyBytes)
        return finish(() => reject(new Error("The session bus sent more than 1 MiB.")));
      if (isGreeting) {
        const end = received.indexOf("\r\n");
        if (end < 0) return;
        if (!received.toString("latin1").startsWith("OK "))
          return finish(() => reject(new Error("The session bus refused this user.")));
        received = received.subarray(end + 2);
        isGreeting = false;
        const all = [daemonCall("Hello"), ...calls].map((call, index) => encode(index + 1, call));
        socket.write(Buffer.concat([Buffer.from("BEGIN\r\n"), ...all]));
      }
      const [, ...replies] = decodeReplies(received);
      if (replies.length >= calls.length) finish(() => resolve(replies));
    });
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("close", () => finish(() => reject(new Error("The session bus closed the connection."))));
  });
}

/** Whether a service of that name runs, or would be started when it is called. */
export async function isServiceAvailable(socketPath: string, name: string, signal: AbortSignal): Promise<boolean> {
  const calls = [daemonCall("NameHasOwner", name), daemonCall("ListActivatableNames")];
  const [isRunning, startable] = await sendCalls(socketPath, calls, signal);
  return isRunning?.[0] === 1 || startable?.includes(encodeString(name)) === true;
}

/** The string that a method returns; empty for an error. */
export async function callOnBus(socketPath: string, call: BusCall, signal: AbortSignal): Promise<string> {
  const [answer] = await sendCalls(socketPath, [call], signal);
  return answer?.subarray(4, -1).toString("utf8") ?? "";
}
