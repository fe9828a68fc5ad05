/** Callers that abort while the endpoint does not answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { createOurs, oursAlone, peerAlone, scope, type TokenSource } from "../contenders.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { quantile } from "../harness/measure.ts";
import { atMost } from "../harness/row.ts";

/** Milliseconds from the abort of 50 callers to the error of each, at most `capMs`. */
async function freedAfter(source: TokenSource, capMs: number): Promise<number[]> {
  const controllers = Array.from({ length: 50 }, () => new AbortController());
  const freed = controllers.map(async ({ signal }) => {
    const failed = source.getToken(scope, { abortSignal: signal }).then(
      () => Promise.reject(new Error("There cannot be a token.")),
      () => performance.now(),
    );
    return Promise.race([failed, sleep(300 + capMs).then(() => Number.POSITIVE_INFINITY)]);
  });
  await sleep(300);
  const aborted = performance.now();
  for (const controller of controllers) controller.abort();
  return (await Promise.all(freed)).map((at) => Math.min(at - aborted, capMs));
}

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess();
  await emulator.addFaults({ path: "token", times: Number.POSITIVE_INFINITY, connection: "hang" });
  const ours: number[] = [];
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    await using identity = createOurs(emulator);
    ours.push(...(await freedAfter(oursAlone(identity, emulator), 5_000)));
  }
  const cap = quick ? 1_000 : 5_000;
  const peer = quantile(await freedAfter(peerAlone(emulator), cap), 1);
  const longest = quantile(ours, 1);
  yield {
    figure: "abort while the endpoint is silent: the last of 50 callers is free in",
    unit: "ms",
    ours: longest,
    peer: peer < cap ? peer : `> ${cap / 1_000} s`,
    floor: undefined,
    ...atMost(5, longest, "ms"),
  };
};
