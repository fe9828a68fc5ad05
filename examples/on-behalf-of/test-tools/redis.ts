import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createClient } from "redis";

async function freePort(): Promise<number> {
  await using server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { readonly port: number }).port;
}

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** Waits until so many processes subscribe to deletions. */
  listeners(count: number): Promise<void>;
}

/** Starts redis-server on a loopback port, without files. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const chunk of server.stdout) if (String(chunk).includes("Ready to accept")) break;
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    async listeners(count) {
      const client = await createClient({ url }).connect();
      const listening = async () => {
        const [channel = ""] = await client.pubSubChannels();
        return (await client.pubSubNumSub([channel]))[channel] ?? 0;
      };
      while ((await listening()) < count) await setTimeout(20);
      client.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.kill("SIGKILL");
      await once(server, "exit");
    },
  };
}
