/**
 * On behalf of a hundred thousand users in one process: the heap stays within the configured bound,
 * and a hit stays flat.
 */
import { createIdentity } from "@azidentity/core";
import { definePlugin, defineSource } from "@azidentity/core/plugin";
import { scope } from "../contenders.ts";
import type { Group } from "../group.ts";
import { keptBy } from "../harness/heap.ts";
import { median, time } from "../harness/measure.ts";
import { atMost } from "../harness/row.ts";
import { makeToken } from "../instant.ts";

const source = defineSource({
  name: "on-behalf",
  kind: "deployed",
  tenantPolicy: "fixed",
  supports: ["user-assertion"],
  subject: () => "app",
  create: () => ({
    getToken: async () => ({ token: makeToken(), expiresOnTimestamp: Date.now() + 86_400_000, tokenType: "Bearer" }),
  }),
});

export const run: Group = async function* ({ quick }) {
  const users = quick ? 20_000 : 100_000;
  const maxBytes = 32 * 1_048_576;
  const plugins = [definePlugin({ name: "on-behalf", sources: [source] })];
  await using identity = createIdentity({ config: false, plugins, cache: { maxBytes, maxEntries: 1_000_000 } });
  const credential = identity.credential("on-behalf");
  await credential.forUser("the first").getToken(scope); // loads what is loaded once, which is no token
  const kept = await keptBy(async () => {
    for (let n = 0; n < users; n++) await credential.forUser(`assertion-${n}`).getToken(scope);
  });
  const megabytes = kept / 1_048_576;
  const count = users.toLocaleString("en-US");
  const row = { peer: "known: quadratic", floor: undefined };
  const heap = {
    figure: `on behalf of ${count} users, cache.maxBytes 32 MiB: heap kept`,
    unit: "MiB",
    ours: megabytes,
  };
  yield { ...row, ...heap, ...atMost(32, megabytes, "MiB") };

  const rounds: number[] = [];
  for (let round = 0; round < 31; round++) {
    const recent = Array.from({ length: 1_000 }, (_, n) => credential.forUser(`assertion-${users - 1 - n}`));
    const ask = async () => {
      for (const one of recent) await one.getToken(scope);
    };
    rounds.push((await time(ask)) / recent.length);
  }
  const us = median(rounds) * 1_000;
  yield { ...row, figure: `on behalf of ${count} users: hit`, unit: "µs", ours: us, ...atMost(5, us, "µs") };
};
