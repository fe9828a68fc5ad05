/** A developer's machine on which nobody answers where a metadata service would be. */
import { createIdentity } from "@azidentity/core";
import { isIdentityError } from "@azidentity/core/plugin";
import devTools from "@azidentity/plugin-dev-tools";
import managedIdentity from "@azidentity/plugin-managed-identity";
import { DefaultAzureCredential } from "@azure/identity";
import { setChassisTag } from "../chassis.ts";
import { scope } from "../contenders.ts";
import { median, ratio, time } from "../harness/measure.ts";
import { all, atMost, type Row, timesFloor } from "../harness/row.ts";
import type { Machine } from "./machine.ts";
import { muteMetadata } from "./mute-metadata.ts";

const open = (env: Readonly<Record<string, string>>) =>
  createIdentity({ config: false, plugins: [managedIdentity, devTools] }, { env });

/** The whole default chain: metadata that drops every packet, then `az`. */
async function firstToken(tag: string | undefined, { env }: Machine, spawn: () => Promise<unknown>, rounds: number) {
  setChassisTag(tag);
  const times = { ours: [] as number[], peer: [] as number[], floor: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.floor.push(await time(spawn));
    await using identity = open(env);
    times.ours.push(await time(() => identity.getToken(scope)));
    times.peer.push(await time(() => new DefaultAzureCredential().getToken(scope)));
  }
  return times;
}

function rowOf(figure: string, times: Awaited<ReturnType<typeof firstToken>>) {
  const { ours, peer, floor } = times;
  return { figure, unit: "ms", ours: median(ours), peer: median(peer), floor: median(floor) };
}

/** A machine with nothing to sign in with: how long until the error, and whether it says what to do. */
async function nothing(env: Readonly<Record<string, string>>, rounds: number): Promise<Row> {
  const [ours, peer]: [number[], number[]] = [[], []];
  let says = false;
  Object.assign(process.env, env);
  for (let round = 0; round < rounds; round++) {
    await using identity = open(env);
    let error: unknown;
    ours.push(await time(() => identity.getToken(scope).catch((thrown) => (error = thrown))));
    says =
      isIdentityError(error) && error.code === "no-credential-available" && error.message.includes("run: az login");
    peer.push(await time(() => new DefaultAzureCredential().getToken(scope).catch(() => undefined)));
  }
  return {
    figure: "no tool at all, evidence of no Azure: the error",
    unit: "ms",
    ours: median(ours),
    peer: median(peer),
    floor: undefined,
    ...all(atMost(50, median(ours), "ms"), {
      must: "says az login",
      measured: says ? "says so" : "does not",
      ok: says,
    }),
  };
}

export async function* silence(machine: Machine, spawn: () => Promise<unknown>, quick: boolean): AsyncGenerator<Row> {
  const metadata = await muteMetadata();
  const rounds = quick ? 2 : 5;
  machine.answerAfter(0.5);
  const known = await firstToken("Default string", machine, spawn, rounds);
  const unknown = await firstToken(undefined, machine, spawn, rounds);
  const what = "az in 500 ms, mute metadata service";
  yield {
    ...rowOf(`${what}, evidence of no Azure: first token`, known),
    ...timesFloor(1.1, ratio(known.ours, known.floor), "the spawn"),
  };
  yield {
    ...rowOf(`${what}, no evidence: first token`, unknown),
    ...atMost(
      1_050,
      median(unknown.ours.map((ms, round) => ms - (unknown.floor[round] ?? Number.NaN))),
      "ms over the spawn",
    ),
  };
  setChassisTag("Default string");
  yield await nothing({ ...machine.env, PATH: machine.home }, rounds);
  Object.assign(process.env, machine.env);
  const expected = { ours: rounds, peer: 3 * rounds }; // without evidence; always
  if (metadata.knocks() < expected.ours + expected.peer)
    throw new Error("Somebody did not knock at the metadata service.");
  metadata.close();
}
