/** 200 calls a second while a refresh is due: no call waits for it, and it is one request. */
import { setTimeout as sleep } from "node:timers/promises";
import { createBarePost } from "../bare-post.ts";
import { createOurs, oursAlone, peerAlone, scope, type TokenSource } from "../contenders.ts";
import { type Entra, startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { median, quantile, ratio } from "../harness/measure.ts";
import { atMost, timesFloor } from "../harness/row.ts";

/** The floor with a refresh: when the token is due, one bare POST runs in the background. */
function createRefreshingFloor(emulator: Entra, refreshInMs: number): TokenSource {
  const { post } = createBarePost(emulator);
  let current: { readonly token: string; readonly expires: number; readonly due: number } | undefined;
  let refreshing = false;
  const fetch = async () => {
    current = { ...(await post(scope)), due: Date.now() + refreshInMs };
    refreshing = false;
    return current;
  };
  return {
    async getToken() {
      if (current === undefined || Date.now() >= current.expires) return fetch();
      if (Date.now() >= current.due && !refreshing) {
        refreshing = true;
        fetch();
      }
      return current;
    },
  };
}

/** Milliseconds of each call, at 200 calls a second; a call does not wait for the one before. */
async function callSteadily(source: TokenSource, seconds: number): Promise<number[]> {
  const waits: number[] = [];
  const calls: Promise<void>[] = [];
  const started = performance.now();
  for (let call = 0; call < seconds * 200; call++) {
    const ahead = started + call * 5 - performance.now();
    if (ahead > 0) await sleep(ahead);
    const begun = performance.now();
    calls.push(source.getToken(scope).then(() => void waits.push(performance.now() - begun)));
  }
  await Promise.all(calls);
  return waits;
}

export const run: Group = async function* ({ quick }) {
  // The token lives for 2 hours, and its refresh is due after 1 s.
  await using emulator = await startEmulatorProcess({ tokenLifetimeSeconds: 7_200, refreshInSeconds: 1 });
  const rounds = quick ? 1 : 8;
  const waits = { ours: [] as number[], peer: [] as number[], floor: [] as number[] };
  /** The longest wait of each round. */
  const longest = { ours: [] as number[], peer: [] as number[], floor: [] as number[] };
  const refreshes = { ours: 0, peer: 0, floor: 0 };

  const observe = async (name: keyof typeof waits, source: TokenSource) => {
    await source.getToken(scope);
    await emulator.addFaults({ path: "token", times: 1_000, delayMs: 300 }); // as slow as Entra on a bad day
    const before = await emulator.count();
    const ofRound = await callSteadily(source, 1.9); // ends before the next refresh
    waits[name].push(...ofRound);
    longest[name].push(Math.max(...ofRound));
    refreshes[name] += (await emulator.count()) - before;
    await emulator.clearFaults();
  };
  for (let round = 0; round < rounds; round++) {
    await observe("floor", createRefreshingFloor(emulator, 1_000));
    await using identity = createOurs(emulator);
    await observe("ours", oursAlone(identity, emulator));
    await observe("peer", peerAlone(emulator));
  }
  const at = (share: number) => ({
    ours: quantile(waits.ours, share),
    peer: quantile(waits.peer, share),
    floor: quantile(waits.floor, share),
  });
  const figure = "refresh falls due, at 200 calls/s";
  const p99 = at(0.99);
  const p999 = at(0.999);
  // What takes long in each refresh is in each round. The longest wait of all is a moment in which
  // the system ran another process: 5 ms, also while no refresh was under way. p99.9 is of all
  // rounds together, with those moments.
  const usual = { ours: median(longest.ours), peer: median(longest.peer), floor: median(longest.floor) };
  yield { figure: `${figure}: p99 of ${rounds} rounds`, unit: "ms", ...p99, ...atMost(0.5, p99.ours, "ms") };
  yield {
    figure: `${figure}: p99.9 of ${rounds} rounds`,
    unit: "ms",
    ...p999,
    ...timesFloor(2, p999.ours / p999.floor),
  };
  yield {
    figure: `${figure}: median over ${rounds} rounds of the longest wait in each`,
    unit: "ms",
    ...usual,
    ...timesFloor(2, ratio(longest.ours, longest.floor)),
  };
  const each = { ours: refreshes.ours / rounds, peer: refreshes.peer / rounds, floor: refreshes.floor / rounds };
  yield { figure: `${figure}: requests each time`, unit: "", ...each, ...atMost(1, each.ours, "") };
};
