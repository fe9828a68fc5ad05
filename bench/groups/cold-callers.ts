/** Concurrent callers before the first token. */
import { createBarePost } from "../bare-post.ts";
import { createOurs, oursAlone, peerAlone, scope, type TokenSource } from "../contenders.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { median, ratio, time } from "../harness/measure.ts";
import { atMost } from "../harness/row.ts";

const callers = 1_000;

const ask = (source: TokenSource, count: number) => () =>
  Promise.all(Array.from({ length: count }, () => source.getToken(scope)));

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess();

  /**
   * Milliseconds from a new identity, without token and connection, to the last caller's token; and
   * the number of requests.
   */
  const ours = async (count: number) => {
    await using identity = createOurs(emulator);
    const before = await emulator.count();
    const ms = await time(ask(oursAlone(identity, emulator), count));
    return { ms, requests: (await emulator.count()) - before };
  };
  const peer = async () => {
    const before = await emulator.count();
    const ms = await time(ask(peerAlone(emulator), callers));
    return { ms, requests: (await emulator.count()) - before };
  };
  const floor = async () => {
    const { post, close } = createBarePost(emulator);
    const ms = await time(() => {
      const shared = post(scope);
      return Promise.all(Array.from({ length: callers }, async () => shared));
    });
    close();
    return ms;
  };

  const one: number[] = [];
  const many: number[] = [];
  const bare: number[] = [];
  let requests = 0;
  const rounds = quick ? 10 : 40;
  for (let round = -5; round < rounds; round++) {
    const [single, crowd, floorMs] = [await ours(1), await ours(callers), await floor()];
    if (round < 0) continue;
    one.push(single.ms);
    many.push(crowd.ms);
    bare.push(floorMs);
    requests = Math.max(requests, crowd.requests);
  }
  const peers = await peer();
  const figure = "cold, 1 000 callers";
  yield {
    figure: `${figure}: requests`,
    unit: "",
    ours: requests,
    peer: peers.requests,
    floor: 1,
    ...atMost(1, requests, ""),
  };
  yield {
    figure: `${figure}: time, beside ${median(one).toFixed(1)} ms of one caller`,
    unit: "ms",
    ours: median(many),
    peer: peers.ms,
    floor: median(bare),
    ...atMost(1.1, ratio(many, one), "× one caller"),
  };
};
