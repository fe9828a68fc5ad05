import type { SourceContext } from "@azidentity/core/plugin";
import { createTestContext, resultFaults } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { contextWith, hostThat, linux, mac, printed, windows } from "../../test/machines.ts";
import type { Machine } from "../readiness.ts";
import type { NativeCall } from "./native-call.ts";
import { runNative } from "./run-native.ts";

const call: NativeCall = { method: "getAllAccounts", arguments: ["client", "correlation"] };
const signal = new AbortController().signal;
const on = (machine: Machine, context: SourceContext) => ({
  label: "broker",
  signInRemedy: "Sign in again.",
  context,
  machine,
});
const ready = { ready: true } as const;

it("the call travels in the environment, and NODE_OPTIONS are not inherited", async () => {
  const commands = hostThat({ stdout: printed(ready, { result: [1] }) });
  const env = { NODE_OPTIONS: "--inspect" };
  expect(await runNative(on(windows, createTestContext({ commands, env })), call, signal)).toEqual([1]);
  const [run] = commands.runs;
  expect(run?.args).toEqual([expect.stringMatching(/host\.c[jt]s$/)]);
  expect(JSON.parse(run?.options.env?.AZIDENTITY_BROKER_CALL ?? "")).toEqual(call);
  expect(run?.options.env).toMatchObject({ ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: undefined });
});

it("the last line of the host is the result, whatever libraries print in between", async () => {
  const stdout = `GNOME_KEYRING_CONTROL=/x\n${printed(ready)}\n{"incomplete": \n${printed({ result: null })}\n`;
  expect(await runNative(on(windows, contextWith({ stdout })), call, signal)).toBeNull();
});

it.each([
  ["it crashed before it was ready", { exitCode: -1 }, "not-installed"],
  ["it ended without output", { exitCode: 0 }, "not-installed"],
  ["it crashed during the call", { exitCode: -1, stdout: printed(ready) }, "failed"],
  ["it ended during the call", { exitCode: 13, stdout: printed(ready) }, "failed"],
])("the outcome of the host says that %s", async (_, ends, outcome) => {
  const result = runNative(on(windows, contextWith(ends)), call, signal);
  await expect(result).rejects.toMatchObject({ outcome, code: "broker-crashed", remedy: expect.any(String) });
});

it.each([
  [windows, "Windows"],
  [mac, "Company Portal"],
])("the remedy fits the machine %j", async (machine, remedy) => {
  const stdout = printed({ unavailable: "Broker cannot be initialized" });
  const result = runNative(on(machine, contextWith({ stdout })), call, signal);
  await expect(result).rejects.toMatchObject({
    outcome: "not-installed",
    code: "broker-unavailable",
    remedy: expect.stringContaining(remedy),
  });
  await expect(result).rejects.toThrow('does not work here: "Broker cannot be initialized". ');
  expect(resultFaults(await result.catch((error: unknown) => error))).toEqual([]);
});

it("a missing library has the remedy that installs it without build scripts", async () => {
  const result = runNative(on(windows, contextWith({ stdout: printed({ missing: true }) })), call, signal);
  await expect(result).rejects.toMatchObject({
    outcome: "not-installed",
    code: "broker-unavailable",
    remedy: expect.stringContaining("npm install --ignore-scripts"),
  });
});

it("no process is started on a machine without a broker", async () => {
  const commands = hostThat({});
  await expect(runNative(on(linux, createTestContext({ commands })), call, signal)).rejects.toMatchObject({
    outcome: "not-installed",
  });
  expect(commands.runs).toEqual([]);
});
