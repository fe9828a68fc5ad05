/**
 * The Azure CLI on a developer's machine: a script in place of `az`, whose own time is known; then
 * the real one, if it is installed.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createIdentity } from "@azidentity/core";
import devTools from "@azidentity/plugin-dev-tools";
import { AzureCliCredential } from "@azure/identity";
import { scope, type TokenSource } from "../contenders.ts";
import { createMachine } from "../dev-tools/machine.ts";
import { realAzureCli } from "../dev-tools/real-azure-cli.ts";
import { secondCall } from "../dev-tools/second-call.ts";
import { silence } from "../dev-tools/silence.ts";
import type { Group } from "../group.ts";
import { interleave, median, ratio } from "../harness/measure.ts";
import { atMost, timesFloor } from "../harness/row.ts";

export const run: Group = async function* ({ quick }) {
  const machine = createMachine();
  const { env } = machine;
  Object.assign(process.env, env); // the peer reads process.env
  machine.signIn("ann");
  machine.answerAfter(0);
  const create = () => createIdentity({ config: false, plugins: [devTools] }, { env });
  const peer = new AzureCliCredential();
  const spawn = () => promisify(execFile)(machine.az, [], { env });
  try {
    await using warm = create();
    let asked = 0;
    // each resource is new, so each call runs az
    const uncached = () => warm.getToken(`https://resource${asked++}.example/.default`);
    const once = await interleave(
      {
        ours: { calls: 1, run: uncached },
        peer: { calls: 1, run: () => peer.getToken(scope) },
        floor: { calls: 1, run: spawn },
      },
      quick ? 15 : 60,
    );
    yield {
      figure: "az answers at once: one run of it",
      unit: "ms",
      ours: median(once.ours),
      peer: median(once.peer),
      floor: median(once.floor),
      ...timesFloor(1.2, ratio(once.ours, once.floor), "a bare spawn"),
    };

    await using identity = create();
    yield await secondCall("second call", machine, identity, peer, quick);

    for (const [figure, ask] of [
      [
        "100 cold callers: processes",
        (one: TokenSource) => Promise.all(Array.from({ length: 100 }, () => one.getToken(scope))),
      ],
      [
        "6 calls one after another: processes",
        async (one: TokenSource) => {
          for (let call = 0; call < 6; call++) await one.getToken(scope);
        },
      ],
    ] as const) {
      await using fresh = create();
      const ours = await machine.counted(() => ask(fresh));
      yield { figure, unit: "", ours, peer: await machine.counted(() => ask(peer)), floor: 1, ...atMost(1, ours, "") };
    }

    machine.signIn("bernard");
    const seen = await machine.counted(() => identity.getToken(scope));
    yield {
      figure: "account changed on disk: processes at the next call",
      unit: "",
      ours: seen,
      peer: undefined,
      floor: 1,
      must: "1",
      measured: String(seen),
      ok: seen === 1,
    };

    yield* silence(machine, spawn, quick);
    yield* realAzureCli(machine, quick);
  } finally {
    machine.close();
  }
};
