/** As much of D-Bus as it takes to ask somebody who is there. Source: the D-Bus specification, sections "Message Protocol" and "Authentication Protocol". */

type Env = Readonly<Record<string, string | undefined>>;

/** Path of the session bus's socket; `undefined`: this session has none. */
export function findSessionBus(env: Env): string | undefined {
  const { existsSync } = process.getBuiltinModule("node:fs");
  const given = env.DBUS_SESSION_BUS_ADDRESS;
  if (given !== undefined)
    return given
      .split(";")
      .map(socketOf)
      .find((path) => path); // empty is none
  const usual = env.XDG_RUNTIME_DIR && `${env.XDG_RUNTIME_DIR}/bus`;
  return usual && existsSync(usual) ? usual : undefined;
}

/** A path as addresses have it; `undefined` where an escape in it is none. */
function unescaped(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** `unix:path=/run/user/1000/bus,guid=…`; abstract sockets begin with a zero byte. */
function socketOf(address: string): string | undefined {
  const [transport, fields = ""] = address.split(":", 2);
  if (transport !== "unix") return undefined;
  const values = new Map(fields.split(",").map((field) => field.split("=", 2) as [string, string]));
  const [path, abstract] = [values.get("path"), values.get("abstract")];
  const name = unescaped(abstract || path || "");
  return name && `${abstract ? "\0" : ""}${name}`;
}

/** A call of somebody on the bus. */
export interface BusCall {
  readonly to: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly arguments: readonly string[];
}

const callOfBus = (member: string, ...values: string[]): BusCall => {
  const name = "org.freedesktop.DBus";
  return { to: name, path: "/org/freedesktop/DBus", interface: name, member, arguments: values };
};

/** Bytes of the answers to the calls of one connection; those that are asked for here have a few thousand. */
const longest = 1_048_576;

const kinds = { call: 1, reply: 2, error: 3 };

const padded = (bytes: Buffer, to: number) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & (to - 1))]);

const text = (value: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(`${value}\0`)]);
};

function encode(serial: number, { to, path, interface: name, member, arguments: values }: BusCall): Buffer {
  const body = values.reduce((bytes, value) => Buffer.concat([padded(bytes, 4), text(value)]), Buffer.alloc(0));
  const signature = Buffer.from(`${String.fromCharCode(values.length)}${"s".repeat(values.length)}\0`);
  const fields = [
    [1, "o", text(path)],
    [2, "s", text(name)],
    [3, "s", text(member)],
    [6, "s", text(to)],
    [8, "g", signature],
  ] as const;
  let header = Buffer.alloc(16);
  for (const [code, type, value] of fields) {
    header = Buffer.concat([padded(header, 8), Buffer.from([code, 1, type.charCodeAt(0), 0]), value]);
  }
  header.set([0x6c, kinds.call, 0, 1]); // little endian, no flags, version 1
  header.writeUInt32LE(body.length, 4);
  header.writeUInt32LE(serial, 8);
  header.writeUInt32LE(header.length - 16, 12);
  return Buffer.concat([padded(header, 8), body]);
}

/** The bodies of the answers so far, in order; an error has none. Signals are passed over. Each has the byte order of whoever wrote it. */
function decodeAnswers(bytes: Buffer): Buffer[] {
  const answers: Buffer[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const isBigEndian = bytes[at] === 0x42;
    const read = (offset: number) => (isBigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset));
    const bodyLength = read(at + 4);
    const headerLength = 16 + read(at + 12);
    const start = at + headerLength + (-headerLength & 7);
    if (start + bodyLength > bytes.length) break;
    const kind = bytes[at + 1];
    if (kind === kinds.reply) answers.push(bytes.subarray(start, start + bodyLength));
    if (kind === kinds.error) answers.push(Buffer.alloc(0));
    at = start + bodyLength;
  }
  return answers;
}

/** The bodies of the answers, in the order of the calls. Rejects when there is no bus. */
function callOnBus(socketPath: string, calls: readonly BusCall[], signal: AbortSignal): Promise<Buffer[]> {
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
      if (received.length > longest) return finish(() => reject(new Error("The session bus says too much.")));
      if (isGreeting) {
        const end = received.indexOf("\r\n");
        if (end < 0) return;
        if (!received.toString("latin1").startsWith("OK "))
          return finish(() => reject(new Error("The session bus refuses this user.")));
        received = received.subarray(end + 2);
        isGreeting = false;
        const all = [callOfBus("Hello"), ...calls].map((call, index) => encode(index + 1, call));
        socket.write(Buffer.concat([Buffer.from("BEGIN\r\n"), ...all]));
      }
      const [, ...answers] = decodeAnswers(received);
      if (answers.length >= calls.length) finish(() => resolve(answers));
    });
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("close", () => finish(() => reject(new Error("The session bus hung up."))));
  });
}

/** Whether somebody on the bus has that name, or would be started for it. */
export async function isOnBus(socketPath: string, name: string, signal: AbortSignal): Promise<boolean> {
  const calls = [callOfBus("NameHasOwner", name), callOfBus("ListActivatableNames")];
  const [owned, startable] = await callOnBus(socketPath, calls, signal);
  return owned?.[0] === 1 || startable?.includes(text(name)) === true;
}

/** The text that a call is answered by; empty for an error. */
export async function askOnBus(socketPath: string, call: BusCall, signal: AbortSignal): Promise<string> {
  const [answer] = await callOnBus(socketPath, [call], signal);
  return answer?.subarray(4, -1).toString("utf8") ?? "";
}
