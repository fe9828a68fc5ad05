/**
 * A developer's machine without a metadata service, where requests to its address get no answer.
 */
import { createIdentity } from "@azidentity/core";
import { isIdentityError } from "@azidentity/core/plugin";
import devTools from "@azidentity/plugin-dev-tools";
import managedIdentity from "@azidentity/plugin-managed-identity";
import { DefaultAzureCredential } from "@azure/identity";
import { setChassisTag } from "../chassis-tag.ts";
import { scope } from "../contenders.ts";
import { median, ratio, time } from "../harness/measure.ts";
import { all, atMost, type Row, timesFloor } from "../harness/row.ts";
import type { Machine } from "./machine.ts";
import { startSilentMetadata } from "./silent-metadata.ts";

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

/** A machine without any credential: the time until the error, and whether it has the remedy. */
async function nothing(env: Readonly<Record<string, string>>, rounds: number): Promise<Row> {
  const [ours, peer]: [number[], number[]] = [[], []];
  let hasRemedy = false;
  Object.assign(process.env, env);
  for (let round = 0; round < rounds; round++) {
    await using identity = open(env);
    let error: unknown;
    ours.push(await time(() => identity.getToken(scope).catch((thrown) => (error = thrown))));
    hasRemedy =
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
      measured: hasRemedy ? "says so" : "does not",
      ok: hasRemedy,
    }),
  };
}

export async function* silence(machine: Machine, spawn: () => Promise<unknown>, quick: boolean): AsyncGenerator<Row> {
  const metadata = await startSilentMetadata();
  const rounds = quick ? 2 : 5;
  machine.answerAfter(0.5);
  const known = await firstToken("Default string", machine, spawn, rounds);
  const unknown = await firstToken(undefined, machine, spawn, rounds);
  const what = "az in 500 ms, silent metadata service";
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
  if (metadata.connections() < expected.ours + expected.peer)
    throw new Error("Not every contender probed the metadata service.");
  metadata.close();
}
