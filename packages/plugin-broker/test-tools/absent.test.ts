/**
 * Machines without a working broker: each cause has an error of its own, and none breaks a chain or
 * this process.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { createIdentity } from "@azidentity/core";
import type { IdentityPlugin } from "@azidentity/core/plugin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEmptyBus } from "../test/empty-bus.ts";
import { type Desktop, failure, openDesktop, vault } from "./desktop.ts";

let desktop: Desktop;
let folder: string;
beforeEach(async () => {
  desktop = await openDesktop();
  folder = mkdtempSync(join(tmpdir(), "azidentity-broken-"));
});
afterEach(async () => {
  await desktop.close();
  rmSync(folder, { recursive: true });
});

const failWith = (env: Record<string, string | undefined>) =>
  failure(desktop.identity(["broker"], env).getToken(vault));

it("a desktop without a session bus is reported as not installed, and the error names dbus-run-session", async () => {
  const error = await failWith({ DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: folder });
  expect(error).toMatchObject({ outcome: "not-installed" });
  expect(error.message).toContain("dbus-run-session");
});

it("a session bus that has ended is reported as not installed", async () => {
  expect(await failWith({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/bus` })).toMatchObject({
    outcome: "not-installed",
  });
});

it("a session bus without a broker is reported as not installed, and the remedy names the package", async () => {
  await using bus = await openEmptyBus();
  const error = await failWith({ DBUS_SESSION_BUS_ADDRESS: bus.address });
  expect(error).toMatchObject({ outcome: "not-installed" });
  expect(error.remedy).toContain("microsoft-identity-broker");
});

it("a library that the native library cannot load is reported as unavailable, and the remedy names its package", async () => {
  const library = join(folder, "libwebkit2gtk-4.1.so.0");
  writeFileSync(library, "not a library");
  chmodSync(library, 0o755);
  const error = await failWith({ LD_LIBRARY_PATH: folder });
  expect(error).toMatchObject({ outcome: "not-installed", code: "broker-unavailable" });
  expect(error.remedy).toContain("libwebkit2gtk-4.1-0");
});

describe("the native library", () => {
  const place = () => join(folder, "node_modules", "@azure", "msal-node-extensions");

  /** The plugin as npm installs it, with the given code as `@azure/msal-node-extensions`. */
  async function installWith(extensions: string | undefined): Promise<IdentityPlugin> {
    const own = dirname(import.meta.dirname);
    cpSync(join(own, "dist"), join(folder, "dist"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    mkdirSync(join(folder, "node_modules", "@azidentity"), { recursive: true });
    symlinkSync(join(own, "..", "core"), join(folder, "node_modules", "@azidentity", "core"));
    if (extensions !== undefined) {
      mkdirSync(place(), { recursive: true });
      writeFileSync(join(place(), "index.js"), extensions);
    }
    return (await import(pathToFileURL(join(folder, "dist", "index.js")).href)).default;
  }

  it("the native library works without `keytar`, which is missing where it cannot be compiled", async () => {
    const plugin = await installWith(undefined);
    const main = realpathSync(createRequire(import.meta.url).resolve("@azure/msal-node-extensions"));
    const runtime = realpathSync(createRequire(main).resolve("@azure/msal-node-runtime"));
    cpSync(join(main, "..", ".."), place(), { recursive: true });
    symlinkSync(join(runtime, "..", ".."), join(place(), "..", "msal-node-runtime"));
    const commandOptions = { cwd: place(), env: desktop.env, stdio: "pipe" } as const;
    expect(() => execFileSync(process.execPath, ["-e", 'require("keytar")'], commandOptions)).toThrow(
      "Cannot find module",
    );
    await using identity = createIdentity({ plugins: [plugin], chain: ["broker"] }, { env: desktop.env });
    expect((await identity.getToken(vault)).tokenType).toBe("Bearer");
  });

  it.each([
    ["is not installed", undefined, "not-installed", "not-installed"],
    ["lacks a dependency", 'require("@azure/msal-node-runtime")', "not-installed", "broker-unavailable"],
    ["is for another processor", 'throw new Error("invalid ELF header")', "not-installed", "broker-unavailable"],
    ["crashes while it is loaded", "process.abort()", "not-installed", "broker-crashed"],
    [
      "crashes during a call",
      "exports.NativeBrokerPlugin = class { isBrokerAvailable = true; acquireTokenSilent() { process.abort() } }",
      "failed",
      "broker-crashed",
    ],
    [
      "throws where no code can catch it",
      "exports.NativeBrokerPlugin = class { isBrokerAvailable = true; getAllAccounts = async () => []; acquireTokenSilent() { setImmediate(() => { throw new Error('x') }); return new Promise(() => {}) } }",
      "failed",
      "broker-failed",
    ],
    ["ends the program", "process.exit(0)", "not-installed", "broker-crashed"],
    [
      "prints too much",
      'exports.NativeBrokerPlugin = class { constructor() { for (;;) require("node:fs").writeSync(1, "x".repeat(65536)) } }',
      "failed",
      "output-too-large",
    ],
  ])("a native library that %s fails with an outcome and a code", async (_, extensions, outcome, code) => {
    const plugin = await installWith(extensions);
    await using identity = createIdentity({ plugins: [plugin], chain: ["broker"] }, { env: desktop.env });
    const error = await failure(identity.getToken(vault));
    expect(error).toMatchObject({ outcome, code });
  });
});
