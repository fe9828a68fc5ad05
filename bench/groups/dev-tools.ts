/** The Azure CLI on a developer's machine: a script stands in for `az`, so that its own time is known. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createIdentity } from "@azidentity/core";
import { type CredentialSource, type Detection, definePlugin } from "@azidentity/core/plugin";
import devTools from "@azidentity/plugin-dev-tools";
import { AzureCliCredential } from "@azure/identity";
import { scope } from "../contenders.ts";
import type { Group } from "../group.ts";
import { interleave, median, ratio, time } from "../harness/measure.ts";
import { all, atMost, timesFloor } from "../harness/row.ts";

/** A home folder with an `az` that answers after `seconds` and counts how often it ran. */
function createMachine() {
  const home = mkdtempSync(join(tmpdir(), "azidentity-bench-"));
  const bin = join(home, "bin");
  const log = join(home, "log");
  const file = join(bin, "az");
  mkdirSync(bin);
  mkdirSync(join(home, ".azure"));
  const answer = JSON.stringify({
    accessToken: "t".repeat(1_600),
    expires_on: 4_000_000_000,
    expiresOn: "2096-10-02 07:06:40.000000",
  });
  const install = (seconds: number) => {
    const wait = seconds === 0 ? "" : `sleep ${seconds}\n`;
    writeFileSync(file, `#!/bin/sh\necho run >> "${log}"\n${wait}echo '${answer}'\n`);
    chmodSync(file, 0o755);
  };
  const runs = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0);
  const signIn = (name: string) => writeFileSync(join(home, ".azure/azureProfile.json"), name);
  signIn("ann");
  install(0);
  return {
    file,
    install,
    runs,
    signIn,
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home },
    close: () => rmSync(home, { recursive: true }),
  };
}

/** A deployed source whose host never answers, on a machine that says it is no Azure, or says nothing. */
function createSilentHost(state: Detection["state"]): CredentialSource {
  const reason = "Nobody answers.";
  return {
    name: "silent-host",
    kind: "deployed",
    priority: 300,
    tenants: "ignored",
    subject: () => "machine",
    detect: () => ({ state, reason }),
    create: (_, { clock }) => ({
      async probe(signal) {
        await clock.sleep(1_000, signal);
        return { state: "absent", reason };
      },
      getToken: () => Promise.reject(new TypeError("it was knocked at")),
    }),
  };
}

export const run: Group = async function* ({ quick }) {
  const machine = createMachine();
  const { env } = machine;
  Object.assign(process.env, env); // the peer looks there
  const create = (state?: Detection["state"]) => {
    const silent = definePlugin({ name: "silent", sources: state === undefined ? [] : [createSilentHost(state)] });
    return createIdentity({ config: false, plugins: [silent, devTools] }, { env });
  };
  const peer = new AzureCliCredential();
  const spawn = () => promisify(execFile)(machine.file, []);
  const counted = async (work: () => Promise<unknown>) => {
    const before = machine.runs();
    await work();
    return machine.runs() - before;
  };
  try {
    const cold = async () => {
      await using identity = create();
      await identity.getToken(scope);
    };
    const contenders = {
      ours: { calls: 1, run: cold },
      peer: { calls: 1, run: () => peer.getToken(scope) },
      floor: { calls: 1, run: spawn },
    };
    const once = await interleave(contenders, quick ? 15 : 60);
    yield {
      figure: "az answers at once: first token, new identity",
      unit: "ms",
      ours: median(once.ours),
      peer: median(once.peer),
      floor: median(once.floor),
      ...timesFloor(1.2, ratio(once.ours, once.floor), "a bare spawn"),
    };

    machine.install(0.5);
    for (const [state, what, limit] of [
      ["absent", "evidence of no Azure", 0],
      ["possible", "no evidence, a silent host", 1_050],
    ] as const) {
      const ours: number[] = [];
      const floor: number[] = [];
      for (let round = 0; round < (quick ? 2 : 5); round++) {
        floor.push(await time(spawn));
        await using identity = create(state);
        ours.push(await time(() => identity.getToken(scope)));
      }
      const figure = `az in 500 ms, ${what}: first token`;
      const row = { figure, unit: "ms", ours: median(ours), peer: "known: 3 ×", floor: median(floor) };
      const verdict =
        limit === 0
          ? timesFloor(1.1, ratio(ours, floor), "the spawn")
          : atMost(limit, median(ours) - median(floor), "ms over the spawn");
      yield { ...row, ...verdict };
    }

    machine.install(0);
    await using identity = create();
    await identity.getToken(scope);
    const hits = await interleave(
      {
        ours: {
          calls: 1_000,
          run: async () => {
            for (let call = 0; call < 1_000; call++) await identity.getToken(scope);
          },
        },
      },
      quick ? 5 : 21,
    );
    const second = median(hits.ours);
    const processes = await counted(() => identity.getToken(scope));
    yield {
      figure: "second call",
      unit: "ms",
      ours: second,
      peer: median([
        await time(() => peer.getToken(scope)),
        await time(() => peer.getToken(scope)),
        await time(() => peer.getToken(scope)),
      ]),
      floor: undefined,
      ...all(atMost(0.1, second, "ms"), atMost(0, processes, "processes")),
    };

    for (const [figure, ask] of [
      [
        "100 cold callers: processes",
        (one: { getToken(scope: string): Promise<unknown> }) =>
          Promise.all(Array.from({ length: 100 }, () => one.getToken(scope))),
      ],
      [
        "6 calls one after another: processes",
        async (one: { getToken(scope: string): Promise<unknown> }) => {
          for (let call = 0; call < 6; call++) await one.getToken(scope);
        },
      ],
    ] as const) {
      await using fresh = create();
      const ours = await counted(() => ask(fresh));
      yield { figure, unit: "", ours, peer: await counted(() => ask(peer)), floor: 1, ...atMost(1, ours, "") };
    }

    machine.signIn("bernard");
    const seen = await counted(() => identity.getToken(scope));
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
  } finally {
    machine.close();
  }
};
