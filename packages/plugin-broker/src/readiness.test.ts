import { createServer } from "node:net";
import { createFakeClock, createTestContext } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { openEmptyBus } from "../test/empty-bus.ts";
import { linux, mac, windows } from "../test/machines.ts";
import { detectBroker, requireBroker } from "./readiness.ts";

const caller = { label: "broker", signInRemedy: "Sign in again." };
const bus = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere/bus" };

describe("a machine", () => {
  it.each([
    ["Windows", windows, {}],
    ["Windows of 32 bits", { ...windows, architecture: "ia32" }, {}],
    ["Windows on ARM", { ...windows, architecture: "arm64" }, {}],
    ["a Mac", mac, {}],
    ["an older Mac", { ...mac, architecture: "x64" }, {}],
    ["Linux with a session bus", linux, bus],
  ])("a broker may be available: %s", (_, machine, env) => {
    expect(detectBroker({ env }, machine)).toMatchObject({ state: "possible" });
  });

  it.each([
    ["Linux without a session bus", linux, {}],
    ["Linux on ARM", { ...linux, architecture: "arm64" }, bus],
    ["FreeBSD", { ...linux, system: "freebsd" }, bus],
    ["a single executable", { ...windows, isSingleFile: true }, {}],
  ])("a broker is not available: %s", async (_, machine, env) => {
    const detection = detectBroker({ env }, machine);
    expect(detection).toMatchObject({ state: "absent", code: "not-installed" });
    const result = requireBroker(
      { ...caller, context: createTestContext({ env }), machine: machine },
      new AbortController().signal,
    );
    await expect(result).rejects.toMatchObject({ outcome: "not-installed" });
  });
});

it("a session bus that hangs times out after two seconds", async () => {
  await using empty = await openEmptyBus();
  const path = `${empty.socket}-silent`;
  const clock = createFakeClock(0);
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    clock.advance(2_000);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    const context = createTestContext({ clock, env: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` } });
    const result = requireBroker({ ...caller, context: context, machine: linux }, new AbortController().signal);
    await expect(result).rejects.toMatchObject({ outcome: "timeout" });
  } finally {
    server.close();
  }
});
