/** Heap of 10 000 tokens of 1 600 characters each. */
import { scopesOf } from "../contenders.ts";
import type { Group } from "../group.ts";
import { keptBy } from "../harness/heap.ts";
import { timesFloor } from "../harness/row.ts";
import { createInstantOurs, createInstantPeer, makeToken } from "../instant.ts";

export const run: Group = async function* ({ quick }) {
  const scopes = scopesOf(10_000);
  const few = scopes.slice(0, quick ? 100 : 1_000); // ten times as many would take the peer minutes
  await using ours = createInstantOurs();
  const peer = createInstantPeer();
  // what starts once is no cost of a token
  for (const source of [ours, peer]) await source.getToken("https://vault.azure.net/.default");
  const floor = new Map<string, { readonly token: string; readonly expires: number }>();

  const heap = {
    ours: (await keptBy(async () => void (await Promise.all(scopes.map((scope) => ours.getToken(scope)))))) / 10_000,
    floor:
      (await keptBy(async () => {
        for (const scope of scopes) floor.set(scope, { token: makeToken(), expires: Date.now() + 86_400_000 });
      })) / 10_000,
    peer:
      (await keptBy(async () => {
        for (const scope of few) await peer.getToken(scope);
      })) / few.length,
  };
  if (floor.size !== scopes.length) throw new Error("The floor was collected.");
  await Promise.all([ours, peer].map((source) => source.getToken(scopes[0] ?? ""))); // all three are alive until here
  yield {
    figure: "heap of a token, 10 000 tokens",
    unit: "bytes",
    ...heap,
    ...timesFloor(1.2, heap.ours / heap.floor),
  };
};
