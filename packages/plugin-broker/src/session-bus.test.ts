import { createServer } from "node:net";
import { join } from "node:path";
import { sessionBus } from "dbus-native";
import { expect, it } from "vitest";
import { openEmptyBus } from "../test/empty-bus.ts";
import { findSessionBus, isOnBus } from "./session-bus.ts";

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

it.each(["", "nonsense", "autolaunch:", "unix:", "tcp:host=localhost,port=7"])("finds none in %j", (address) => {
  expect(findSessionBus({ DBUS_SESSION_BUS_ADDRESS: address })).toBeUndefined();
});

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
