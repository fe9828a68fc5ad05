/**
 * A token endpoint that is down for 9 seconds while nothing is cached, and a caller who keeps
 * asking.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createOurs, oursAlone, peerAlone, scope, type TokenSource } from "../contenders.ts";
import { type EmulatorProcess, startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { atMost } from "../harness/row.ts";

/** Milliseconds from the recovery to a token, at most `capMs`. */
async function recovery(
  emulator: EmulatorProcess,
  source: TokenSource,
  downMs: number,
  capMs: number,
): Promise<number> {
  await emulator.addFaults({ path: "token", times: Number.POSITIVE_INFINITY, status: 503 });
  const healed = sleep(downMs)
    .then(() => emulator.clearFaults())
    .then(() => performance.now());
  const asking = (async () => {
    while (!(await source.getToken(scope).catch(() => undefined))) await sleep(100);
    return performance.now();
  })();
  const since = await healed;
  return Promise.race([asking.then((until) => until - since), sleep(capMs).then(() => capMs)]);
}

export const run: Group = async function* ({ quick }) {
  const down = quick ? 3_000 : 9_000;
  const cap = quick ? 3_000 : 20_000; // the peer has been seen to take 56 s
  await using one = await startEmulatorProcess();
  await using other = await startEmulatorProcess();
  await using identity = createOurs(one);
  const [ours, peer] = await Promise.all([
    recovery(one, oursAlone(identity, one), down, cap),
    recovery(other, peerAlone(other), down, cap),
  ]);
  yield {
    figure: `endpoint down for ${down / 1_000} s, nothing cached: a token after its recovery in`,
    unit: "s",
    ours: ours / 1_000,
    peer: peer < cap ? peer / 1_000 : `> ${cap / 1_000} s`,
    floor: undefined,
    ...atMost(2, ours / 1_000, "s"),
  };
};
