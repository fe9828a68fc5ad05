/**
 * Tokens in Redis: a hit from a second node beside a bare GET, what it moves, and what a dead Redis
 * costs. Needs `redis-server`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createClient } from "redis";
import type { Group } from "../group.ts";
import { interleave, median, ratio } from "../harness/measure.ts";
import { atMost, type Row, timesFloor } from "../harness/row.ts";
import { inAnHour, openStore, storedToken } from "../stores.ts";

async function startRedis(): Promise<{ readonly child: ChildProcess; readonly url: string } | undefined> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
  const missing = once(child, "error").then(() => true);
  const ready = (async () => {
    for await (const chunk of child.stdout) if (String(chunk).includes("Ready to accept")) return false;
    return true;
  })();
  return (await Promise.race([missing, ready])) ? undefined : { child, url: `redis://127.0.0.1:${port}` };
}

const figures = {
  hit: "redis store: hit from a second node",
  bytes: "redis store: bytes that one hit moves",
  dead: "redis store, Redis dead: one call after the circuit opened",
};

async function* measure(url: string, child: ChildProcess, rounds: number): AsyncGenerator<Row> {
  const [first, second] = [await openStore("redis", { url }), await openStore("redis", { url })];
  const bare = await createClient({ url }).connect();
  bare.on("error", () => undefined);
  await first.set("entry", storedToken, inAnHour());
  await bare.set("bare", Buffer.from(storedToken).toString("base64"));
  const calls = 200;
  const repeat = (one: () => Promise<unknown>) => ({
    calls,
    run: async () => {
      for (let call = 0; call < calls; call++) await one();
    },
  });
  const times = await interleave(
    { ours: repeat(() => second.get("entry")), floor: repeat(() => bare.get("bare")) },
    rounds,
  );
  const us = (ms: readonly number[]) => median(ms) * 1_000;
  const row = { peer: undefined, unit: "µs" };
  const verdict = timesFloor(2, ratio(times.ours, times.floor), "bare GET");
  yield { ...row, figure: figures.hit, ours: us(times.ours), floor: us(times.floor), ...verdict };

  const sent = async () => Number(/total_net_output_bytes:(\d+)/.exec(await bare.info("stats"))?.[1]);
  const own = -(await sent()) + (await sent()); // what asking costs
  const before = await sent();
  for (let call = 0; call < calls; call++) await second.get("entry");
  const bytes = ((await sent()) - before - own) / calls;
  // sealed, in base64, in a reply
  const entry = Math.ceil(((storedToken.length + 48 + 4 + "entry".length) * 4) / 3) + 16;
  yield { ...row, figure: figures.bytes, unit: "B", ours: bytes, floor: entry, ...atMost(entry, bytes, "B") };

  child.kill("SIGKILL");
  await once(child, "exit");
  bare.destroy();
  await second.get("entry").catch(() => undefined);
  const dead = { calls, run: repeat(() => second.get("entry").catch(() => undefined)).run };
  const ms = median((await interleave({ ours: dead }, rounds)).ours);
  yield { ...row, figure: figures.dead, unit: "ms", ours: ms, floor: undefined, ...atMost(0.1, ms, "ms") };
  await first[Symbol.asyncDispose]?.();
  await second[Symbol.asyncDispose]?.();
}

export const run: Group = async function* ({ quick }) {
  const redis = await startRedis();
  if (redis === undefined) {
    const row = { unit: "", ours: "no redis-server here", peer: undefined, floor: undefined, must: "-", measured: "-" };
    for (const figure of Object.values(figures)) yield { ...row, figure, ok: true };
    return;
  }
  try {
    yield* measure(redis.url, redis.child, quick ? 7 : 25);
  } finally {
    redis.child.kill("SIGKILL");
  }
};
