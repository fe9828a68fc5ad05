/** Refreshes that fail while the token has two hours to live: callers must not notice. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "@azidentity/emulator";
import { createOurs, oursAlone, peerAlone, scope, type TokenSource } from "../contenders.ts";
import { type EmulatorProcess, startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { all, atMost, type Row } from "../harness/row.ts";

/** A caller who waited as long as this for a token that was there was blocked. */
const blockedMs = 1_000;

const faults: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: "500", fault: { status: 500 } },
  { name: "429", fault: { status: 429, headers: { "Retry-After": "2" } } },
  { name: "a reset connection", fault: { connection: "reset" } },
  { name: "silence", fault: { connection: "hang" } },
];

interface Outcome {
  readonly calls: number;
  readonly rejected: number;
  readonly blocked: number;
  readonly requests: number;
}

/** Lets a token fall due for its refresh, breaks the endpoint, and calls 50 times a second. */
async function observe(
  emulator: EmulatorProcess,
  source: TokenSource,
  fault: Fault,
  seconds: number,
): Promise<Outcome> {
  await source.getToken(scope);
  await emulator.addFaults({ path: "token", times: Number.POSITIVE_INFINITY, ...fault });
  await sleep(1_100); // refreshInSeconds
  const before = await emulator.count();
  let rejected = 0;
  let blocked = 0;
  const call = async () => {
    const late = setTimeout(() => blocked++, blockedMs);
    await source.getToken(scope).catch(() => rejected++);
    clearTimeout(late);
  };
  const calls = seconds * 50;
  for (let n = 0; n < calls; n++) {
    call();
    await sleep(20);
  }
  await sleep(blockedMs); // the last ones may still be blocked
  return { calls, rejected, blocked, requests: (await emulator.count()) - before };
}

async function rowOf({ name, fault }: (typeof faults)[number], seconds: number): Promise<Row> {
  const options = { tokenLifetimeSeconds: 7_200, refreshInSeconds: 1 };
  await using one = await startEmulatorProcess(options);
  await using other = await startEmulatorProcess(options);
  await using identity = createOurs(one);
  const [ours, peer] = await Promise.all([
    observe(one, oursAlone(identity, one), fault, seconds),
    observe(other, peerAlone(other), fault, seconds),
  ]);
  const show = ({ rejected, blocked, requests }: Outcome) => `${rejected} / ${blocked} / ${requests}`;
  return {
    figure: `refresh meets ${name}, ${ours.calls} calls: rejected / blocked / requests`,
    unit: "",
    ours: show(ours),
    peer: show(peer),
    floor: "0 / 0 / 1",
    ...all(
      atMost(0, ours.rejected, "rejected"),
      atMost(0, ours.blocked, "blocked"),
      atMost(2, ours.requests, "requests"),
    ),
  };
}

export const run: Group = async function* ({ quick }) {
  const rows = faults.map((fault) => rowOf(fault, quick ? 3 : 12));
  for (const row of rows) yield await row;
};
