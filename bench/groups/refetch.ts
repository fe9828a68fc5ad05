/** Tokens over the network by a warm process: many different ones, and one again and again. */
import { createBarePost } from "../bare-post.ts";
import { createOurs, oursAlone, peerAlone, scope, scopesOf } from "../contenders.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { keptBy } from "../harness/heap.ts";
import { interleave, median, ratio } from "../harness/measure.ts";
import { atMost, timesFloor } from "../harness/row.ts";

/** Calls `ask` with each of the keys, ten at a time. */
async function tenAtATime(keys: readonly string[], ask: (key: string) => Promise<unknown>): Promise<void> {
  const left = keys.values();
  const worker = async () => {
    for (const key of left) await ask(key);
  };
  await Promise.all(Array.from({ length: 10 }, worker));
}

/** Calls with a claims challenge never take the token from a cache. */
const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1700000000" } } });

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess();
  await using identity = createOurs(emulator);
  const ours = oursAlone(identity, emulator);
  const peer = peerAlone(emulator);
  const { post } = createBarePost(emulator);

  const chunk = 250;
  const chunks = quick ? 4 : 40;
  const scopes = scopesOf(chunk * (chunks + 2));
  const inChunks = (ask: (key: string) => Promise<unknown>) => {
    const left = [...scopes];
    return { calls: chunk, run: () => tenAtATime(left.splice(0, chunk), ask) };
  };
  const contenders = { ours: inChunks((key) => ours.getToken(key)), floor: inChunks(post) };
  const times = await interleave(contenders, chunks, 2);
  const count = chunk * chunks;
  yield {
    figure: `${count.toLocaleString("en-US")} tokens fetched, ten at a time: each`,
    unit: "ms",
    ours: median(times.ours),
    peer: quick ? undefined : "15 ms, known",
    floor: median(times.floor),
    ...timesFloor(1.3, ratio(times.ours, times.floor)),
  };

  const fetches = quick ? 500 : 2_000;
  const again = async (ask: () => Promise<unknown>) => {
    const repeat = async (times: number) => {
      for (let time = 0; time < times; time++) await ask();
    };
    await repeat(200);
    return (await keptBy(() => repeat(fetches))) / fetches;
  };
  const kept = {
    ours: await again(() => ours.getToken(scope, { claims })),
    peer: await again(() => peer.getToken(scope, { claims })),
    floor: await again(() => post(scope)),
  };
  const figure = "heap kept of each refetch of one token";
  yield { figure, unit: "bytes", ...kept, ...atMost(50, kept.ours, "bytes") };
};
