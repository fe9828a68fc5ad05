import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

/** A proxy that refuses connections to other machines, and records them. */
const outgoing: unknown[] = [];
const proxy = createServer().on("connect", (request, socket) => {
  outgoing.push(request.url);
  socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
});
beforeAll(() => once(proxy.listen(0, "127.0.0.1"), "listening"));
afterAll(() => proxy.close());

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** Runs the demo in an environment that belongs to another application. */
function startDemo(env: NodeJS.ProcessEnv = {}) {
  const temporary = mkdtempSync(join(tmpdir(), "demo-"));
  const { port } = proxy.address() as AddressInfo;
  const child = spawn(process.execPath, ["main.ts"], {
    cwd: import.meta.dirname,
    detached: true, // leads a process group, as programs in a terminal do
    env: {
      ...process.env,
      TMPDIR: temporary,
      TEMP: temporary,
      FORCE_COLOR: undefined,
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      AZURE_TENANT_ID: "another-tenant",
      AZURE_CLIENT_ID: "another-application",
      AZURE_CLIENT_SECRET: "another-secret",
      ...env,
    },
  });
  cleanUps.push(() => {
    endGroup(child.pid);
    rmSync(temporary, { recursive: true });
  });

  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  return {
    child,
    ended,
    output: () => output,
    leftBehind: () => readdirSync(temporary),
    /** What the pattern captures, once it is in the output. */
    async printed(pattern: RegExp): Promise<string> {
      for (let open = true; ; ) {
        const found = pattern.exec(output);
        if (found !== null) return found[1] ?? "";
        if (!open) throw new Error(`${pattern} was not printed:\n${output}`);
        open = await Promise.race([once(child.stdout, "data").then(() => true), ended.then(() => false)]);
      }
    },
  };
}

function endGroup(leader?: number): void {
  try {
    process.kill(-Number(leader), "SIGKILL");
  } catch {
    // no process is left in it
  }
}

function isRunning(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

test("a blob is downloaded as it was uploaded, with a token of the third source in the chain", async () => {
  const demo = startDemo();

  expect(await demo.ended).toEqual({ code: 0, signal: null });

  const output = demo.output();
  expect(output).toMatch(/^Downloaded hello\.txt, 23 bytes, the same as were uploaded\.$/m);
  expect(output).toMatch(
    /^ {2}environment +not-configured +\d+ ms {2}\S.+\n {2}team-agent +unreachable .+\n {2}client-secret +token /m,
  );
  expect(output).toMatch(
    /^Ran as\n {2}application {2}[\da-f-]{36}\n {2}object {7}[\da-f-]{36}\n {2}tenant {7}[\da-f-]{36}$/m,
  );
  expect(output).not.toContain("\u001b"); // no colours
  expect(output).not.toContain("eyJ"); // no token
  expect(isRunning(await demo.printed(/process (\d+)/))).toBe(false);
  expect(demo.leftBehind()).toEqual([]);
  expect(outgoing).toEqual([]);
});

test("an error ends the demo and its child processes", async () => {
  const demo = startDemo({ NODE_OPTIONS: "--import=data:text/javascript,Buffer.prototype.equals=()=>false" });

  expect(await demo.ended).toEqual({ code: 1, signal: null });

  expect(demo.output()).toContain("Error: The bytes that came back differ");
  expect(isRunning(await demo.printed(/process (\d+)/))).toBe(false);
  expect(demo.leftBehind()).toEqual([]);
});

const whereSignalsExist = test.skipIf(process.platform === "win32");

whereSignalsExist.each([
  { key: "Ctrl-C", at: /Starting Entra ID/ },
  { key: "Ctrl-C", at: /Azurite, process \d+/ },
  { key: "Ctrl-C", at: /Azure Storage is at/ },
  { key: "SIGINT", at: /Azure Storage is at/ },
  { key: "SIGTERM", at: /Azurite, process \d+/ },
] as const)("$key at $at ends the demo and its child processes", async ({ key, at }) => {
  const demo = startDemo();
  await demo.printed(at);
  if (key === "Ctrl-C")
    process.kill(-Number(demo.child.pid), "SIGINT"); // a terminal signals the whole group
  else demo.child.kill(key);
  await demo.ended;

  const azurite = /Azurite, process (\d+)/.exec(demo.output())?.[1];
  expect(azurite !== undefined && isRunning(azurite)).toBe(false);
  expect(demo.output()).not.toMatch(/Error|To run this against Azure/);
  expect(demo.leftBehind()).toEqual([]);
});

test("Azurite ends even when the demo crashes", async () => {
  const demo = startDemo();
  const port = await demo.printed(/Azure Storage is at https:\/\/127\.0\.0\.1:(\d+)/);
  const socket = connect(Number(port), "127.0.0.1").resume();
  await once(socket, "connect");
  const azuriteEnded = once(socket, "close"); // the connection closes when Azurite ends, possibly before the demo
  demo.child.kill("SIGKILL");

  const [ended] = await Promise.all([demo.ended, azuriteEnded]);
  expect(ended).toEqual({ code: null, signal: "SIGKILL" });
});
