/** What `import "@azidentity/core"` and a plugin add to a bare Node, in fresh processes. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Group } from "../group.ts";
import { runFreshInTurns } from "../harness/fresh-process.ts";
import { median, type Rounds } from "../harness/measure.ts";
import { atMost } from "../harness/row.ts";

const program = (name: string) => join(import.meta.dirname, "../programs", `${name}.mjs`);
const urlOf = (name: string) => pathToFileURL(program(name)).href;

/** The median over the rounds of what the first took beyond the second. */
const beyond = (one: Rounds, other: Rounds) => median(one.map((value, round) => value - (other[round] ?? Number.NaN)));

export const run: Group = async function* ({ quick }) {
  const rounds = quick ? 9 : 25;
  const wall = await runFreshInTurns(
    {
      ours: [program("import-ours")],
      devTools: [program("import-dev-tools")],
      broker: [program("import-broker")],
      peer: [program("import-peer")],
      floor: ["-e", "0"],
    },
    rounds,
  );
  const ms = { ours: beyond(wall.ours.ms, wall.floor.ms), peer: beyond(wall.peer.ms, wall.floor.ms), floor: 0 };
  const bare = median(wall.floor.ms).toFixed(0);
  const figure = "import of core and plugin-entra";
  yield { figure: `${figure}: beyond ${bare} ms of bare Node`, unit: "ms", ...ms, ...atMost(8, ms.ours, "ms") };
  for (const [plugin, rounds] of [
    ["plugin-dev-tools", wall.devTools],
    ["plugin-broker", wall.broker],
  ] as const) {
    const one = { ...ms, ours: beyond(rounds.ms, wall.floor.ms) };
    const figure = `import of core and ${plugin}: beyond bare Node`;
    yield { figure, unit: "ms", ...one, ...atMost(8, one.ours, "ms") };
  }

  const rss = await runFreshInTurns(
    {
      ours: [program("rss-of"), urlOf("import-ours")],
      peer: [program("rss-of"), urlOf("import-peer")],
      floor: [program("rss-of")],
    },
    quick ? 5 : 11,
  );
  const megabytes = ({ printed }: { readonly printed: readonly string[] }) => median(printed.map(Number)) / 1_000_000;
  const floor = megabytes(rss.floor);
  const mb = { ours: megabytes(rss.ours) - floor, peer: megabytes(rss.peer) - floor, floor: 0 };
  yield { figure: `${figure}: memory beyond bare Node`, unit: "MB", ...mb, ...atMost(2, mb.ours, "MB") };
};
