import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a machine that fails. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it answering, with its connections open; and lets it go on. */
  pause(): void;
  resume(): void;
}

export const password = "a-password";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Debian's redis-server on a loopback port, with a password and nothing on disk. */
export async function startRedis(...more: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    const started = spawn("redis-server", [...args, "--requirepass", password, "--masterauth", password, ...more], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = started;
    for await (const chunk of started.stdout) if (String(chunk).includes("Ready to accept")) break;
    started.stdout.destroy(); // what it says from here on is of no interest, and must not fill a pipe
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await start();
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    port,
    kill,
    start,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    [Symbol.asyncDispose]: kill,
  };
}
