/** A new identity that comes from another one (`Identity.with`), with its first token. */
import { setTimeout } from "node:timers/promises";
import { createBarePost } from "../bare-post.ts";
import { createOurs, oursAlone, peerAlone, scope } from "../contenders.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { keptBy } from "../harness/heap.ts";
import { cpuTime, median, ratio } from "../harness/measure.ts";
import { atMost, timesFloor } from "../harness/row.ts";

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess();
  await using identity = createOurs(emulator);
  const { post, close } = createBarePost(emulator);
  const contenders = {
    ours: () => oursAlone(identity.with({ cache: { store: false } }), emulator),
    whole: () => oursAlone(createOurs(emulator), emulator),
    peer: () => peerAlone(emulator),
  };
  type Name = keyof typeof contenders;
  const names = Object.keys(contenders) as Name[];

  const cpu: Record<Name | "floor", number[]> = { ours: [], whole: [], peer: [], floor: [] };
  for (let round = -10; round < (quick ? 20 : 100); round++) {
    const spent = { floor: await cpuTime(() => post(scope)) } as Record<Name | "floor", number>;
    for (const name of names) spent[name] = await cpuTime(() => contenders[name]().getToken(scope));
    if (round >= 0) for (const name of [...names, "floor"] as const) cpu[name].push(spent[name]);
  }
  yield {
    figure: `CPU of a new identity by with() and its first token; by createIdentity: ${median(cpu.whole).toFixed(1)} ms`,
    unit: "ms",
    ours: median(cpu.ours),
    peer: median(cpu.peer),
    floor: median(cpu.floor),
    ...timesFloor(1, ratio(cpu.ours, cpu.peer), "peer"),
  };

  const count = quick ? 50 : 200;
  const kept: object[] = [];
  const heapOf = async (name: Name) => {
    const bytes = await keptBy(async () => {
      for (let n = 0; n < count; n++) {
        const source = contenders[name]();
        await source.getToken(scope);
        kept.push(source);
      }
    });
    return bytes / count / 1_000;
  };
  const heap = { whole: await heapOf("whole"), ours: await heapOf("ours"), peer: await heapOf("peer") };
  yield {
    figure: `heap of it; by createIdentity: ${heap.whole.toFixed(0)} kB`,
    unit: "kB",
    ours: heap.ours,
    peer: heap.peer,
    floor: undefined,
    ...timesFloor(1, heap.ours / heap.peer, "peer"),
  };
  kept.length = 0;

  const drop = async (count: number) => {
    for (let n = 0; n < count; n++) await oursAlone(identity.with({}), emulator).getToken(scope);
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await setTimeout(20); // finalizers run
    }
  };
  await drop(500);
  const left = await keptBy(() => drop(quick ? 500 : 2_000));
  yield {
    figure: `heap that ${quick ? "500" : "2 000"} dropped identities leave`,
    unit: "kB",
    ours: left / 1_000,
    peer: undefined,
    floor: 0,
    ...atMost(1_000, left / 1_000, "kB"),
  };
  close();
};
