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

  const memory = await runFreshInTurns(
    {
      ours: [program("rss-of"), urlOf("import-ours")],
      peer: [program("rss-of"), urlOf("import-peer")],
      floor: [program("rss-of"), urlOf("import-nothing")],
      bare: [program("rss-of")],
    },
    quick ? 5 : 11,
  );
  const megabytes = (which: "resident" | "own", { printed }: { readonly printed: readonly string[] }) =>
    median(printed.map((line) => JSON.parse(line)[which] as number)) / 1_000_000;
  /** Beyond bare Node. */
  const added = (which: "resident" | "own") => {
    const bare = megabytes(which, memory.bare);
    const { ours, peer, floor } = memory;
    return {
      ours: megabytes(which, ours) - bare,
      peer: megabytes(which, peer) - bare,
      floor: megabytes(which, floor) - bare,
    };
  };
  // The floor, a package that exports nothing: Node.js compiles what looks up its three names.
  const resident = added("resident");
  yield {
    figure: `${figure}: memory beyond bare Node`,
    unit: "MB",
    ...resident,
    ...atMost(2, resident.ours, "MB"),
  };
  if (process.platform !== "linux") return; // no other system tells
  const own = added("own");
  yield {
    figure: `${figure}: memory that the process has alone, beyond bare Node`,
    unit: "MB",
    ...own,
    ...atMost(2, own.ours, "MB"),
  };
};
