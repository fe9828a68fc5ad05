/** As much of D-Bus as it takes to ask who is there. Source: the D-Bus specification, sections "Message Protocol" and "Authentication Protocol". */

type Env = Readonly<Record<string, string | undefined>>;

/** Path of the session bus's socket; `undefined`: this session has none. */
export function findSessionBus(env: Env): string | undefined {
  const { existsSync } = process.getBuiltinModule("node:fs");
  const given = env.DBUS_SESSION_BUS_ADDRESS;
  if (given !== undefined)
    return given
      .split(";")
      .map(socketOf)
      .find((path) => path !== undefined);
  const usual = env.XDG_RUNTIME_DIR && `${env.XDG_RUNTIME_DIR}/bus`;
  return usual && existsSync(usual) ? usual : undefined;
}

/** `unix:path=/run/user/1000/bus,guid=…`; abstract sockets begin with a zero byte. */
function socketOf(address: string): string | undefined {
  const [transport, fields = ""] = address.split(":", 2);
  if (transport !== "unix") return undefined;
  const values = new Map(fields.split(",").map((field) => field.split("=", 2) as [string, string]));
  const [path, abstract] = [values.get("path"), values.get("abstract")];
  if (abstract !== undefined) return `\0${decodeURIComponent(abstract)}`;
  return path && decodeURIComponent(path);
}

const own = { path: "/org/freedesktop/DBus", name: "org.freedesktop.DBus" };
const kinds = { call: 1, reply: 2, error: 3 };

const text = (value: string) => {
  const bytes = Buffer.alloc(4 + value.length + 1);
  bytes.writeUInt32LE(value.length);
  bytes.write(value, 4, "latin1");
  return bytes;
};

/** A call of the bus itself, with one text as its argument or none. */
function encodeCall(serial: number, member: string, argument?: string): Buffer {
  const body = argument === undefined ? Buffer.alloc(0) : text(argument);
  const signature = argument === undefined ? [] : [[8, "g", Buffer.from("\x01s\0")] as const];
  const fields = [
    [1, "o", text(own.path)],
    [2, "s", text(own.name)],
    [3, "s", text(member)],
    [6, "s", text(own.name)],
    ...signature,
  ] as const;
  let header = Buffer.alloc(16);
  for (const [code, type, value] of fields) {
    const padding = Buffer.alloc(-header.length & 7);
    header = Buffer.concat([header, padding, Buffer.from([code, 1, type.charCodeAt(0), 0]), value]);
  }
  header.write("l", 0, "latin1"); // little endian
  header.set([kinds.call, 0, 1], 1);
  header.writeUInt32LE(body.length, 4);
  header.writeUInt32LE(serial, 8);
  header.writeUInt32LE(header.length - 16, 12);
  return Buffer.concat([header, Buffer.alloc(-header.length & 7), body]);
}

/** The bodies of the answers so far, in order; an error has none. Signals are passed over. */
function decodeAnswers(bytes: Buffer): Buffer[] {
  const answers: Buffer[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const bodyLength = bytes.readUInt32LE(at + 4);
    const headerLength = 16 + bytes.readUInt32LE(at + 12);
    const start = at + headerLength + (-headerLength & 7);
    if (start + bodyLength > bytes.length) break;
    const kind = bytes[at + 1];
    if (kind === kinds.reply) answers.push(bytes.subarray(start, start + bodyLength));
    if (kind === kinds.error) answers.push(Buffer.alloc(0));
    at = start + bodyLength;
  }
  return answers;
}

/** Whether somebody on the bus has that name, or would be started for it. Rejects when there is no bus. */
export function isOnBus(socketPath: string, name: string, signal: AbortSignal): Promise<boolean> {
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
    let received = Buffer.alloc(0);
    let greeting = true;
    socket.on("connect", () => socket.write(`\0AUTH EXTERNAL ${user}\r\n`));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (greeting) {
        const end = received.indexOf("\r\n");
        if (end < 0) return;
        if (!received.subarray(0, end).toString("latin1").startsWith("OK "))
          return finish(() => reject(new Error("The session bus refuses this user.")));
        received = received.subarray(end + 2);
        greeting = false;
        const calls = [
          encodeCall(1, "Hello"),
          encodeCall(2, "NameHasOwner", name),
          encodeCall(3, "ListActivatableNames"),
        ];
        socket.write(Buffer.concat([Buffer.from("BEGIN\r\n"), ...calls]));
      }
      const [, owned, startable] = decodeAnswers(received);
      if (owned?.[0] === 1) return finish(() => resolve(true));
      if (startable !== undefined) finish(() => resolve(startable.includes(text(name))));
    });
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("close", () => finish(() => reject(new Error("The session bus hung up."))));
  });
}
