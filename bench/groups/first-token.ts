/** From the start of a process to its first token: everything is loaded, one connection is made, one request is sent. */
import { join } from "node:path";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { runFreshInTurns } from "../harness/fresh-process.ts";
import { median, ratio } from "../harness/measure.ts";
import { timesFloor } from "../harness/row.ts";

const program = (name: string) => [join(import.meta.dirname, "../programs", `first-token-${name}.mjs`)];

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess();
  const programs = { ours: program("ours"), chain: program("chain"), peer: program("peer"), floor: program("floor") };
  const { ours, chain, peer, floor } = await runFreshInTurns(programs, quick ? 7 : 25, emulator.env);
  const others = { unit: "ms", peer: median(peer.ms), floor: median(floor.ms) };
  const figure = "process start to first token and exit";
  const verdict = (rounds: readonly number[]) => timesFloor(2, ratio(rounds, floor.ms));
  yield { figure: `${figure}, one source`, ...others, ours: median(ours.ms), ...verdict(ours.ms) };
  yield { figure: `${figure}, default chain`, ...others, ours: median(chain.ms), ...verdict(chain.ms) };
};
