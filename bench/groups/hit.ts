/** A token that is in memory already: time, garbage, and whether anything but memory is touched. */
import { createHook } from "node:async_hooks";
import { createFloor, createOurs, oursAlone, peerAlone, peerChain, scope, type TokenSource } from "../contenders.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { allocatedPerCall } from "../harness/heap.ts";
import { interleave, median, ratio } from "../harness/measure.ts";
import { atMost, type Row, timesFloor } from "../harness/row.ts";

/** As a client of the Azure SDK calls it. */
const sdkOptions = { enableCae: true, abortSignal: new AbortController().signal, tracingOptions: {} };

interface Trio {
  readonly ours: TokenSource;
  readonly peer: TokenSource;
  readonly floor: TokenSource;
}

/** One caller after the other. */
async function inTurn(source: TokenSource, options: object | undefined, calls: number): Promise<void> {
  for (let call = 0; call < calls; call++) await source.getToken(scope, options);
}

/** A hundred callers at once, again and again. */
async function hundredAtOnce(source: TokenSource, options: object | undefined, calls: number): Promise<void> {
  for (let call = 0; call < calls; call += 100) {
    await Promise.all(Array.from({ length: 100 }, () => source.getToken(scope, options)));
  }
}

async function timeRow(
  figure: string,
  trio: Trio,
  callers: typeof inTurn,
  options: object | undefined,
  limit: number,
  rounds: number,
): Promise<Row> {
  const contender = (source: TokenSource, calls: number) => ({ calls, run: () => callers(source, options, calls) });
  const times = await interleave(
    { ours: contender(trio.ours, 20_000), peer: contender(trio.peer, 100), floor: contender(trio.floor, 20_000) },
    rounds,
  );
  const us = (ms: readonly number[]) => median(ms) * 1_000;
  const row = { figure, unit: "µs", ours: us(times.ours), peer: us(times.peer), floor: us(times.floor) };
  return { ...row, ...timesFloor(limit, ratio(times.ours, times.floor)) };
}

async function heapRow(figure: string, trio: Trio, options: object | undefined): Promise<Row> {
  const kB = async (source: TokenSource, calls: number) =>
    (await allocatedPerCall(() => inTurn(source, options, calls), calls)) / 1_000;
  const [ours, peer, floor] = [await kB(trio.ours, 20_000), await kB(trio.peer, 200), await kB(trio.floor, 20_000)];
  return { figure, unit: "kB", ours, peer, floor, ...atMost(0.6, ours, "kB") };
}

/**
 * What a call asks of the system (sockets, requests, files, processes, timers): all that makes an
 * asynchronous resource, promises apart.
 */
async function resourcesOf(source: TokenSource, options: object | undefined): Promise<number> {
  let resources = 0;
  const hook = createHook({ init: (_, type) => void (type === "PROMISE" || resources++) }).enable();
  await inTurn(source, options, 1_000);
  hook.disable();
  return resources;
}

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess({ tokenLifetimeSeconds: 86_399 });
  await using identity = createOurs(emulator);
  const entry = { token: "t".repeat(1_600), expires: Date.now() + 86_400_000 };
  const floor = { getToken: createFloor(new Map([[scope, entry]])) };
  const rounds = quick ? 11 : 41;
  const trios: readonly { readonly name: string; readonly limit: number; readonly trio: Trio }[] = [
    {
      name: "one source",
      limit: 2,
      trio: { ours: oursAlone(identity, emulator), peer: peerAlone(emulator), floor },
    },
    { name: "default chain", limit: 2.5, trio: { ours: identity, peer: peerChain(emulator), floor } },
  ];
  const calls = [
    { how: "getToken(scope)", options: undefined },
    { how: "as an SDK client", options: sdkOptions },
  ];
  for (const { name, limit, trio } of trios) {
    for (const { how, options } of calls) {
      for (const source of Object.values(trio)) await source.getToken(scope, options);
      const figure = `cached, ${name}, ${how}`;
      yield await timeRow(`${figure}, one caller`, trio, inTurn, options, limit, rounds);
      yield await timeRow(`${figure}, 100 callers`, trio, hundredAtOnce, options, limit, rounds);
      yield await heapRow(`${figure}, heap a call`, trio, options);
    }
    const before = await emulator.count("");
    const ours = await resourcesOf(trio.ours, sdkOptions);
    const requests = (await emulator.count("")) - before;
    const figure = `cached, ${name}: sockets, processes, files, timers in 1 000 calls`;
    yield { figure, unit: "", ours: ours + requests, peer: undefined, floor: 0, ...atMost(0, ours + requests, "") };
  }
};
