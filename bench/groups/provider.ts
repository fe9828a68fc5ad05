/**
 * What `identity.provider(scope)` adds to a connect of a database client that calls it for its
 * password.
 */
import { getBearerTokenProvider, type TokenCredential } from "@azure/identity";
import { createOurs, peerChain, scope } from "../contenders.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { interleave, median } from "../harness/measure.ts";
import { atMost } from "../harness/row.ts";

/** What `pg` passes to the function. */
const connection = { user: "orders", host: "localhost", port: 5432 };

type Password = (connection: object) => Promise<string>;

async function connects(password: Password, calls: number): Promise<void> {
  for (let call = 0; call < calls; call++) await password(connection);
}

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess({ tokenLifetimeSeconds: 86_399 });
  await using identity = createOurs(emulator);
  const text = "t".repeat(1_600);
  const passwords: { readonly [name in "ours" | "peer" | "floor"]: Password } = {
    ours: identity.provider(scope),
    peer: getBearerTokenProvider(peerChain(emulator) as TokenCredential, scope),
    floor: async () => text,
  };
  for (const password of Object.values(passwords)) await password(connection);
  // A run ends within a millisecond, so that a busy machine interrupts few of them.
  const contender = (password: Password, calls: number) => ({ calls, run: () => connects(password, calls) });
  const times = await interleave(
    {
      ours: contender(passwords.ours, 1_000),
      peer: contender(passwords.peer, 500),
      floor: contender(passwords.floor, 20_000),
    },
    quick ? 51 : 201,
    50,
  );
  const us = (ms: readonly number[]) => 1_000 * median(ms);
  const row = { unit: "µs", ours: us(times.ours), peer: us(times.peer), floor: us(times.floor) };
  const added = us(times.ours.map((ms, round) => ms - (times.floor[round] ?? Number.NaN)));
  const figure = "a password by identity.provider(scope), cached, median of the rounds (floor: an async function)";
  yield { figure, ...row, ...atMost(1, added, "µs more") };
};
