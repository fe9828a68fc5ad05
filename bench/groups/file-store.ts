/**
 * Tokens in files: a new process with a stored token of the Azure CLI, single entries among few and
 * many, and a hit in memory with a store.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import { definePlugin, defineSource } from "@azidentity/core/plugin";
import cachePersist from "@azidentity/plugin-cache-persist";
import { createFloor, scope, type TokenSource } from "../contenders.ts";
import { createMachine } from "../dev-tools/machine.ts";
import type { Group } from "../group.ts";
import { runFreshInTurns } from "../harness/fresh-process.ts";
import { interleave, median, ratio, time } from "../harness/measure.ts";
import { atMost, type Row, timesFloor } from "../harness/row.ts";
import { inAnHour, key, openStore, storedToken } from "../stores.ts";

async function* newProcess(folder: string, rounds: number): AsyncGenerator<Row> {
  const program = join(import.meta.dirname, "../programs/stored-token.mjs");
  const machine = createMachine();
  machine.answerAfter(0);
  machine.signIn("ann");
  const env = { ...machine.env, AZIDENTITY_CACHE_KEY: key };
  let printed: readonly string[] = [];
  const runs = await machine.counted(async () => {
    printed = (await runFreshInTurns({ ours: [program, folder] }, rounds, env)).ours.printed;
  });
  machine.close();
  if (runs !== 1) throw new Error(`az was started ${runs} times, but the store has its token from the first time on.`);
  const ms = median(printed.map(Number));
  const figure = "new process, azure-cli's token from the file store: import to token";
  yield { figure, unit: "ms", ours: ms, peer: "known: 650 ms for az", floor: undefined, ...atMost(90, ms, "ms") };
}

async function* entries(folder: string, rounds: number): AsyncGenerator<Row> {
  for (const count of [10, 10_000]) {
    const store = await openStore("file", { directory: join(folder, String(count)) });
    for (let n = 0; n < count; n++) await store.set(`entry ${n}`, storedToken, inAnHour());
    const reads: number[] = [];
    const writes: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const name = `entry ${(round * 7_919) % count}`;
      reads.push(await time(() => store.get(name)));
      writes.push(await time(() => store.set(name, storedToken, inAnHour())));
    }
    await store[Symbol.asyncDispose]?.();
    const among = `among ${count.toLocaleString("en-US")}`;
    const [read, write] = [median(reads), median(writes)];
    const row = { unit: "ms", peer: undefined, floor: undefined };
    yield { ...row, figure: `file store: one entry read, ${among}`, ours: read, ...atMost(2, read, "ms") };
    yield { ...row, figure: `file store: one entry written, ${among}`, ours: write, ...atMost(5, write, "ms") };
  }
}

async function* hit(folder: string, rounds: number): AsyncGenerator<Row> {
  const getToken = async () => ({
    token: "t".repeat(1_600),
    expiresOnTimestamp: inAnHour(),
    tokenType: "Bearer" as const,
  });
  const source = defineSource({
    name: "instant",
    kind: "deployed",
    priority: 1,
    tenantPolicy: "fixed",
    subject: () => "app",
    create: () => ({ getToken }),
  });
  const plugins = [definePlugin({ name: "instant", sources: [source] }), cachePersist];
  const cache = { store: "file", directory: folder, key };
  await using identity = createIdentity({ config: false, plugins, cache });
  await identity.getToken(scope);
  const floor = { getToken: createFloor(new Map([[scope, { token: "t", expires: inAnHour() }]])) };
  const calls = 20_000;
  const contender = (one: TokenSource) => ({
    calls,
    run: async () => {
      for (let call = 0; call < calls; call++) await one.getToken(scope);
    },
  });
  const times = await interleave({ ours: contender(identity), floor: contender(floor) }, rounds);
  const us = (ms: readonly number[]) => median(ms) * 1_000;
  const figure = "cached in memory while a file store is configured";
  const verdict = timesFloor(2, ratio(times.ours, times.floor));
  yield { figure, unit: "µs", ours: us(times.ours), peer: undefined, floor: us(times.floor), ...verdict };
}

export const run: Group = async function* ({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), "bench-file-store-"));
  try {
    yield* newProcess(join(folder, "process"), quick ? 9 : 25);
    yield* entries(folder, quick ? 101 : 501);
    yield* hit(join(folder, "hit"), quick ? 11 : 31);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
