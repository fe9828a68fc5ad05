import { createRequire } from "node:module";
import os from "node:os";
import tls from "node:tls";
import { afterEach, expect, it, vi } from "vitest";
import { recordProcessState } from "./process-state.ts";

const ofCore = createRequire(new URL("../packages/core/package.json", import.meta.url));
ofCore("reflect-metadata"); // tsyringe throws without it
/** The one that core's tests and @peculiar/x509 use. */
const { container } = ofCore("tsyringe");
const undo: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const step of undo.splice(0)) step();
});

it("the state of a process is unchanged when nothing has happened", () => {
  expect(recordProcessState()()).toEqual([]);
});

it("a getter that Node replaces on first use is no change", () => {
  const changes = recordProcessState(); // nothing is awaited: other files of this process may have work left
  expect(new globalThis.Blob(["a"]).size).toBe(1);
  expect(typeof globalThis.WebSocket).toBe("function");
  expect(changes()).toEqual([]);
});

it("a registration in the process-wide container of tsyringe is no change", () => {
  const changes = recordProcessState();
  container.register("registered later", { useValue: 1 });
  expect(changes()).toEqual([]);
});

it.each<[name: string, change: () => void]>([
  ["process.env.AZIDENTITY_ADDED", () => vi.stubEnv("AZIDENTITY_ADDED", "1")],
  ["process.env.PATH", () => vi.stubEnv("PATH", undefined)],
  ["globalThis.added", () => defineFor(globalThis, "added", 1)],
  ["globalThis.Date", () => vi.useFakeTimers({ toFake: ["Date"] })],
  ["Object.prototype.added", () => defineFor(Object.prototype, "added", 1)],
  ["node:os: userInfo", () => vi.spyOn(os, "userInfo")],
  ["trusted certificates", () => trustOne()],
  ["process.stderr.write", () => defineFor(process.stderr, "write", () => true)],
  ['process.listenerCount("SIGHUP")', () => listenFor("SIGHUP")],
  ["subscribers of azidentity:walk", () => subscribeTo("azidentity:walk")],
  ["tsyringe: registered", () => resetContainer()],
])("a change of %s is reported by that name", (name, change) => {
  container.register("registered", { useValue: 1 });
  const changes = recordProcessState();
  change();
  const reported = changes();
  vi.restoreAllMocks();
  expect(reported).toContain(name);
});

function defineFor(owner: object, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  undo.push(() => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  });
}

function trustOne(): void {
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates(before.slice(0, 1));
  undo.push(() => tls.setDefaultCACertificates(before));
}

function listenFor(signal: NodeJS.Signals): void {
  const listener = () => {};
  process.on(signal, listener);
  undo.push(() => process.off(signal, listener));
}

function subscribeTo(name: string): void {
  const { subscribe, unsubscribe } = process.getBuiltinModule("node:diagnostics_channel");
  const listener = () => {};
  subscribe(name, listener);
  undo.push(() => unsubscribe(name, listener));
}

function resetContainer(): void {
  const registered = [...container._registry.entries()];
  container.reset();
  undo.push(() => {
    for (const [token, providers] of registered) container._registry.setAll(token, providers);
  });
}
