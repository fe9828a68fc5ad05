/**
 * A project of Next.js is built with each of its bundlers, and its server runs where nothing else
 * is installed.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePort } from "../../../packages/test-support/src/free-port.ts";
import { dropInPackages } from "../drop-in/drop-in-packages.ts";
import { pack, unpack } from "../packed.ts";

vi.setConfig({ testTimeout: 600_000 });
const run = promisify(execFile);
const quiet = { NEXT_TELEMETRY_DISABLED: "1" };

let top: string;
let project: string;
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  top = await mkdtemp(join(tmpdir(), "next-"));
  project = join(top, "project");
  await cp(join(import.meta.dirname, "project"), project, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, name), join(project, name));
  const tarballs = await pack(dropInPackages, top);
  await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: project });
  for (const [name, tarball] of tarballs) await unpack(tarball, join(project, "node_modules/@azidentity", name));
  await unpack(tarballs.get("identity") ?? "", join(project, "node_modules/@azure/identity"));
}, 600_000);
afterAll(async () => {
  await emulator?.close();
  if (top !== undefined) await rm(top, { recursive: true, force: true });
});

/** Builds the project into a folder with nothing else; what the build prints has no warning. */
async function build(...options: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: top, ...quiet };
  const { stdout, stderr } = await run(process.execPath, ["node_modules/next/dist/bin/next", "build", ...options], {
    cwd: project,
    env,
  });
  expect(stdout + stderr).not.toMatch(/⚠|warn|critical dependency/i);
  const folder = await mkdtemp(join(top, "standalone-"));
  await cp(join(project, ".next/standalone"), folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

interface Server extends AsyncDisposable {
  /** What a path answers, as JSON. */
  get(path: string): Promise<unknown>;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(); // Next.js ends the processes that it has started
  await once(child, "exit");
}

/** Starts a server, and waits until it is ready. */
async function startServer(folder: string, args: (port: string) => readonly string[]): Promise<Server> {
  const port = String(await freePort());
  const { AZURE_AUTHORITY_HOST, NODE_EXTRA_CA_CERTS } = emulator.env("service-principal");
  const { clientId, clientSecret } = emulator.application;
  const orders = { ORDERS_TENANT: emulator.tenantId, ORDERS_CLIENT: clientId, ORDERS_SECRET: clientSecret };
  const place = { PATH: process.env.PATH, HOME: folder, HOSTNAME: "127.0.0.1", PORT: port };
  const env = { ...place, ...quiet, AZURE_AUTHORITY_HOST, NODE_EXTRA_CA_CERTS, ...orders };
  const child = spawn(process.execPath, args(port), { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const isReady = (async () => {
    for await (const line of createInterface(child.stdout)) if (line.includes("Ready")) return;
    throw new Error("The server ended before it was ready.");
  })();
  try {
    await isReady;
  } catch (error) {
    await stop(child);
    throw error;
  }
  child.stdout.resume();
  return {
    get: async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).json(),
    [Symbol.asyncDispose]: () => stop(child),
  };
}

async function expectTokens(server: Server): Promise<void> {
  const { clientId } = emulator.application;
  expect(await server.get("/core")).toBe(clientId);
  expect(await server.get("/drop-in")).toEqual({ appid: clientId, wrong: "AuthenticationRequiredError" });
}

it.each([{ bundler: "Turbopack" }, { bundler: "webpack", options: ["--webpack"] }])(
  "Route handlers of Next.js, built by $bundler, sign in as the config file beside the server says, with core and with the drop-in",
  async ({ options = [] }) => {
    await using server = await startServer(await build(...options), () => ["server.js"]);
    await expectTokens(server);
  },
);

it("In development mode, route handlers sign in as the config file of the project says, and the Edge runtime is refused", async () => {
  const edge = join(project, "app/edge"); // a build would warn of it
  await cp(join(import.meta.dirname, "edge"), edge, { recursive: true });
  await using _ = { [Symbol.asyncDispose]: () => rm(edge, { recursive: true }) };
  const next = ["node_modules/next/dist/bin/next", "dev", "--hostname", "127.0.0.1", "--port"];
  await using server = await startServer(project, (port) => [...next, port]);
  await expectTokens(server);
  expect(await server.get("/edge")).toEqual({
    core: expect.stringMatching(/^node-too-old: azidentity does not run on edge-runtime\. Use Node\.js/),
    dropIn: expect.stringContaining("not supported in the Edge Runtime"), // by Next.js
  });
});
