import { createServer } from "node:net";
import { join } from "node:path";
import { sessionBus } from "dbus-native";
import { expect, it } from "vitest";
import { openEmptyBus } from "../test/empty-bus.ts";
import { askOnBus, findSessionBus, isOnBus } from "./session-bus.ts";

const name = "com.example.Somebody";
const patient = new AbortController().signal;

it("finds the bus that the environment names", () => {
  expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/7/bus,guid=ab" })).toBe("/run/user/7/bus");
  expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: "tcp:host=x,port=1;unix:path=/tmp/a%20b" })).toBe("/tmp/a b");
  expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/tmp/dbus-x" })).toBe("\0/tmp/dbus-x");
});

it("finds the usual one, if it is there", async () => {
  await using bus = await openEmptyBus();
  expect(findSessionBus({ XDG_RUNTIME_DIR: join(bus.socket, "..") })).toBe(bus.socket);
  expect(findSessionBus({ XDG_RUNTIME_DIR: "/nowhere" })).toBeUndefined();
});

it.each(["", "nonsense", "autolaunch:", "unix:", "unix:path=/a%zz", "unix:abstract=", "tcp:host=localhost,port=7"])(
  "finds none in %j",
  (address) => {
    expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: address })).toBeUndefined();
  },
);

it("sees who comes and who goes", async () => {
  await using bus = await openEmptyBus();
  expect(await isOnBus(bus.socket, name, patient)).toBe(false);
  const somebody = sessionBus({ busAddress: bus.address });
  await somebody.ownName(name);
  expect(await isOnBus(bus.socket, name, patient)).toBe(true);
  expect(await isOnBus(bus.socket, "com.example.Some", patient)).toBe(false);
  await somebody.close();
  expect(await isOnBus(bus.socket, name, patient)).toBe(false);
});

it("rejects where there is no bus", async () => {
  await expect(isOnBus("/nowhere/bus", name, patient)).rejects.toMatchObject({ code: "ENOENT" });
});

it.each([
  ["hangs up", (socket: import("node:net").Socket) => socket.end()],
  ["refuses", (socket: import("node:net").Socket) => socket.write("REJECTED EXTERNAL\r\n")],
])("rejects when the bus %s", async (_, behave) => {
  await using bus = await openEmptyBus();
  const path = `${bus.socket}-other`;
  const server = createServer((socket) => socket.once("data", () => behave(socket)).on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await expect(isOnBus(path, name, patient)).rejects.toThrow();
  } finally {
    server.close();
  }
});

it("stops waiting for a bus that says nothing when its signal ends", async () => {
  await using bus = await openEmptyBus();
  const path = `${bus.socket}-silent`;
  const controller = new AbortController();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    controller.abort(new Error("enough"));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await expect(isOnBus(path, name, controller.signal)).rejects.toThrow("enough");
  } finally {
    server.close();
  }
});

/** A bus that greets everybody and then says this, whatever it is asked. */
async function withBusThatSays<T>(said: Buffer, use: (path: string) => Promise<T>): Promise<T> {
  await using bus = await openEmptyBus();
  const path = `${bus.socket}-other`;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write("OK 0123\r\n");
      socket.once("data", () => socket.write(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    return await use(path);
  } finally {
    server.close();
  }
}

/** An answer without header fields, in the byte order of a Java program's. */
function bigEndianAnswer(value: string): Buffer {
  const bytes = Buffer.alloc(20 + value.length + 1);
  bytes.set([0x42, 2, 0, 1]);
  bytes.writeUInt32BE(bytes.length - 16, 4);
  bytes.writeUInt32BE(1, 8);
  bytes.writeUInt32BE(value.length, 16);
  bytes.write(value, 20);
  return bytes;
}

const question = { to: name, path: "/x", interface: name, member: "Ask", arguments: ["x"] };

it("reads answers in either byte order, and leaves what was said after them", async () => {
  const said = Buffer.concat([":1.7", "forty-two", "more"].map(bigEndianAnswer));
  expect(await withBusThatSays(said, (path) => askOnBus(path, question, patient))).toBe("forty-two");
});

it("rejects when the bus does not stop talking", async () => {
  const endless = Buffer.alloc(1_100_000);
  endless.set([0x6c, 2, 0, 1]);
  endless.writeUInt32LE(0xffff_fff0, 4);
  await expect(withBusThatSays(endless, (path) => askOnBus(path, question, patient))).rejects.toThrow("too much");
});
