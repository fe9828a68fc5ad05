/**
 * The first token of a process: everything is loaded, one connection is made, one request is sent.
 */
import { join } from "node:path";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { runFreshInTurns } from "../harness/fresh-process.ts";
import { median, ratio } from "../harness/measure.ts";
import { timesFloor } from "../harness/row.ts";

const program = (name: string) => [join(import.meta.dirname, "../programs", `${name}.mjs`)];

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess({ hosts: { "app-service": {} } });
  const rounds = quick ? 7 : 25;
  const programs = {
    ours: program("first-token-ours"),
    chain: program("first-token-chain"),
    peer: program("first-token-peer"),
    floor: program("first-token-floor"),
  };
  const { ours, chain, peer, floor } = await runFreshInTurns(programs, rounds, emulator.env);
  const others = { unit: "ms", peer: median(peer.ms), floor: median(floor.ms) };
  const figure = "process start to first token and exit";
  const verdict = (rounds: readonly number[]) => timesFloor(1.5, ratio(rounds, floor.ms));
  yield { figure: `${figure}, one source`, ...others, ours: median(ours.ms), ...verdict(ours.ms) };
  yield { figure: `${figure}, default chain`, ...others, ours: median(chain.ms), ...verdict(chain.ms) };

  const created = { ours: program("default-chain-ours"), peer: program("default-chain-peer") };
  const hosts = { environment: emulator.env, "App Service": emulator.hostEnv["app-service"] ?? {} };
  for (const [host, env] of Object.entries(hosts)) {
    const printed = await runFreshInTurns(created, rounds, env);
    const [mine, its] = [printed.ours.printed.map(Number), printed.peer.printed.map(Number)];
    yield {
      figure: `createIdentity to first token, default chain of five plugins, ${host}`,
      unit: "ms",
      ours: median(mine),
      peer: median(its),
      floor: undefined,
      ...timesFloor(1, ratio(mine, its), "peer"),
    };
  }
};
