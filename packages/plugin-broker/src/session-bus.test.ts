import { createServer } from "node:net";
import { join } from "node:path";
import { sessionBus } from "dbus-native";
import { expect, it } from "vitest";
import { openEmptyBus } from "../test/empty-bus.ts";
import { callOnBus, findSessionBus, isServiceAvailable } from "./session-bus.ts";

const name = "com.example.Service";
const { signal } = new AbortController();

it("the session bus is found in DBUS_SESSION_BUS_ADDRESS", () => {
  expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/7/bus,guid=ab" })).toBe("/run/user/7/bus");
  expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: "tcp:host=x,port=1;unix:path=/tmp/a%20b" })).toBe("/tmp/a b");
  expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/tmp/dbus-x" })).toBe("\0/tmp/dbus-x");
});

it("the session bus is found in XDG_RUNTIME_DIR, if its socket exists", async () => {
  await using bus = await openEmptyBus();
  expect(findSessionBus({ XDG_RUNTIME_DIR: join(bus.socket, "..") })).toBe(bus.socket);
  expect(findSessionBus({ XDG_RUNTIME_DIR: "/nowhere" })).toBeUndefined();
});

it.each(["", "nonsense", "autolaunch:", "unix:", "unix:path=/a%zz", "unix:abstract=", "tcp:host=localhost,port=7"])(
  "the address %j names no session bus",
  (address) => {
    expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: address })).toBeUndefined();
  },
);

it("a service is available while it owns its name", async () => {
  await using bus = await openEmptyBus();
  expect(await isServiceAvailable(bus.socket, name, signal)).toBe(false);
  const service = sessionBus({ busAddress: bus.address });
  await service.ownName(name);
  expect(await isServiceAvailable(bus.socket, name, signal)).toBe(true);
  expect(await isServiceAvailable(bus.socket, "com.example.Ser", signal)).toBe(false);
  await service.close();
  expect(await isServiceAvailable(bus.socket, name, signal)).toBe(false);
});

it("a call rejects if there is no bus", async () => {
  await expect(isServiceAvailable("/nowhere/bus", name, signal)).rejects.toMatchObject({ code: "ENOENT" });
});

it.each([
  ["closes the connection", (socket: import("node:net").Socket) => socket.end()],
  ["refuses the user", (socket: import("node:net").Socket) => socket.write("REJECTED EXTERNAL\r\n")],
])("a call rejects when the bus %s", async (_, behave) => {
  await using bus = await openEmptyBus();
  const path = `${bus.socket}-other`;
  const server = createServer((socket) => socket.once("data", () => behave(socket)).on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await expect(isServiceAvailable(path, name, signal)).rejects.toThrow();
  } finally {
    server.close();
  }
});

it("a call of a bus that hangs ends with its signal", async () => {
  await using bus = await openEmptyBus();
  const path = `${bus.socket}-silent`;
  const controller = new AbortController();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    controller.abort(new Error("enough"));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await expect(isServiceAvailable(path, name, controller.signal)).rejects.toThrow("enough");
  } finally {
    server.close();
  }
});

/** A bus that accepts every user and answers every call with the given bytes. */
async function withBusThatSends<T>(bytes: Buffer, use: (path: string) => Promise<T>): Promise<T> {
  await using bus = await openEmptyBus();
  const path = `${bus.socket}-other`;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write("OK 0123\r\n");
      socket.once("data", () => socket.write(bytes));
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    return await use(path);
  } finally {
    server.close();
  }
}

/** A reply without header fields, in big-endian byte order. */
function bigEndianAnswer(value: string): Buffer {
  const bytes = Buffer.alloc(20 + value.length + 1);
  bytes.set([0x42, 2, 0, 1]);
  bytes.writeUInt32BE(bytes.length - 16, 4);
  bytes.writeUInt32BE(1, 8);
  bytes.writeUInt32BE(value.length, 16);
  bytes.write(value, 20);
  return bytes;
}

const call = { destination: name, path: "/x", interface: name, member: "Method", arguments: ["x"] };

it("replies are read in either byte order, and later messages are ignored", async () => {
  const replies = Buffer.concat([":1.7", "forty-two", "more"].map(bigEndianAnswer));
  expect(await withBusThatSends(replies, (path) => callOnBus(path, call, signal))).toBe("forty-two");
});

it("a call rejects when the bus sends more than the limit", async () => {
  const endless = Buffer.alloc(1_100_000);
  endless.set([0x6c, 2, 0, 1]);
  endless.writeUInt32LE(0xffff_fff0, 4);
  await expect(withBusThatSends(endless, (path) => callOnBus(path, call, signal))).rejects.toThrow("more than 1 MiB");
});
