/** A hit while 1 to 100,000 tokens are cached, in random order; and the cost of an insert. */
import { createFloor, flat, scope, scopesOf, type TokenSource } from "../contenders.ts";
import type { Group } from "../group.ts";
import { interleave, median, ratio, time } from "../harness/measure.ts";
import { atMost, timesFloor } from "../harness/row.ts";
import { createInstantOurs, createInstantPeer, makeToken } from "../instant.ts";

type Ask = (source: TokenSource, key: string) => Promise<unknown>;

/** Two ways to have many tokens: `keys` are scopes, or tenants for the same scope. */
const dimensions: readonly { readonly by: string; readonly keys: (n: number) => string[]; readonly ask: Ask }[] = [
  { by: "scopes", keys: scopesOf, ask: (source, key) => source.getToken(key) },
  { by: "tenants", keys: tenantsOf, ask: (source, key) => source.getToken(scope, { tenantId: key }) },
];

function tenantsOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => flat(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`));
}

/** The keys in a fixed random order, repeated or cut to `length`. */
function spread(keys: readonly string[], length: number): string[] {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const order = keys.map((key) => ({ key, at: random() })).sort((a, b) => a.at - b.at);
  return Array.from({ length }, (_, n) => order[n % order.length]?.key ?? "");
}

async function askAll(source: TokenSource, keys: readonly string[], ask: Ask): Promise<void> {
  for (const key of keys) await ask(source, key);
}

/** The floor gets the key itself in both cases. */
function floorOf(keys: readonly string[], by: string): TokenSource {
  const entries = new Map(keys.map((key) => [key, { token: makeToken(), expires: Date.now() + 86_400_000 }]));
  const get = createFloor(entries);
  return {
    getToken: by === "scopes" ? get : (_, options) => get((options as { readonly tenantId: string }).tenantId),
  };
}

/** More would take the peer minutes, because its hits and inserts read every entry. */
const peerMaxEntries = 100;
const knownOfPeer: Readonly<Record<string, string>> = { "10000": "> 5,600 µs, known", "100000": "> 5,600 µs, known" };

export const run: Group = async function* ({ quick }) {
  for (const { by, keys, ask } of dimensions) {
    for (const n of [1, 100, 10_000, 100_000]) {
      if (quick && n > 10_000) continue;
      const all = keys(n);
      await using ours = createInstantOurs();
      const peer = createInstantPeer();
      // what starts once is no insert
      for (const source of [ours, peer]) await source.getToken("https://vault.azure.net/.default");
      const insert = (await time(() => askAll(ours, all, ask))) / n;
      const floor = floorOf(all, by);
      const order = spread(all, 20_000);
      const contender = (source: TokenSource, calls: number) => {
        const asked = order.slice(0, calls);
        return { calls, run: () => askAll(source, asked, ask) };
      };
      const contenders = { ours: contender(ours, order.length), floor: contender(floor, order.length) };
      const peerInsert = n > peerMaxEntries ? undefined : (await time(() => askAll(peer, all, ask))) / n;
      const rounds = quick ? 11 : 31;
      const times =
        n > peerMaxEntries
          ? { ...(await interleave(contenders, rounds)), peer: undefined }
          : await interleave({ ...contenders, peer: contender(peer, 100) }, rounds);
      const us = (ms: readonly number[]) => median(ms) * 1_000;
      yield {
        figure: `cached, entries by ${by}: ${n.toLocaleString("en-US")}`,
        unit: "µs",
        ours: us(times.ours),
        peer: times.peer === undefined ? knownOfPeer[n] : us(times.peer),
        floor: us(times.floor),
        ...timesFloor(2.5, ratio(times.ours, times.floor)),
      };
      if (n < 100) continue;
      yield {
        figure: `insert, entries by ${by}: up to ${n.toLocaleString("en-US")}, mean`,
        unit: "ms",
        ours: insert,
        peer: peerInsert ?? "> 19 ms, known",
        floor: undefined,
        ...atMost(0.3, insert, "ms"),
      };
    }
  }
};
