import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "@azidentity/test-support";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisCluster, startCluster } from "./redis-cluster.ts";
import { startRedis } from "./redis-server.ts";

const program = join(import.meta.dirname, "ending-program.ts");
const libraries = ["node-redis", "ioredis"];

/**
 * Runs the program, calls `afterwards` once it has its token, and ends its input; returns its
 * output and exit code.
 */
async function run(library: string, urls: string, afterwards = async (): Promise<void> => undefined) {
  const limit = AbortSignal.timeout(20_000);
  const child = spawn(process.execPath, [program, library, urls], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [output] = await once(child.stdout, "data", { signal: limit });
    await afterwards();
    const exited = once(child, "exit", { signal: limit });
    child.stdin.end();
    const [exitCode] = await exited;
    return { output: String(output).trim(), exitCode };
  } finally {
    child.kill("SIGKILL");
  }
}
const ended = { output: "token", exitCode: 0 };

describe.each(libraries)("%s", (library) => {
  it("a process that closes nothing exits while Redis runs", async () => {
    await using server = await startRedis();
    expect(await run(library, server.url)).toEqual(ended);
  });

  it("a process that closes nothing exits after Redis was killed", async () => {
    await using server = await startRedis();
    expect(await run(library, server.url, () => server.kill())).toEqual(ended);
  });

  it("a process that closes nothing exits while Redis does not answer", async () => {
    await using server = await startRedis();
    expect(await run(library, server.url, async () => server.pause())).toEqual(ended);
  });

  it("a process that closes nothing exits without a Redis", async () => {
    expect(await run(library, `redis://127.0.0.1:${await freePort()}`)).toEqual(ended);
  });
});

describe("a cluster", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it.each(libraries)("a process that closes nothing exits with a cluster and %s", async (library) => {
    expect(await run(library, cluster.urls.join(","))).toEqual(ended);
  });
});
