import { scope, type TokenSource } from "../contenders.ts";
import { interleave, median, time } from "../harness/measure.ts";
import { all, atMost, type Row } from "../harness/row.ts";
import type { Machine } from "./machine.ts";

/**
 * The cost of a call after the first token. Rounds are short, so that few of them are interrupted.
 */
export async function secondCall(
  figure: string,
  machine: Machine,
  ours: TokenSource,
  peer: TokenSource,
  quick: boolean,
): Promise<Row> {
  const calls = 100;
  const hits = async () => {
    for (let call = 0; call < calls; call++) await ours.getToken(scope);
  };
  await ours.getToken(scope);
  const { second } = await interleave({ second: { calls, run: hits } }, quick ? 51 : 201);
  const processes = await machine.counted(() => ours.getToken(scope));
  const its: number[] = [];
  for (let call = 0; call < 3; call++) its.push(await time(() => peer.getToken(scope)));
  return {
    figure,
    unit: "ms",
    ours: median(second),
    peer: median(its),
    floor: undefined,
    ...all(atMost(0.1, median(second), "ms"), atMost(0, processes, "processes")),
  };
}
