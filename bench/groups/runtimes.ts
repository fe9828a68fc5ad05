/**
 * The packed packages in Bun and Deno beside Node.js, as whole processes: import, a token from
 * memory, and the first token; and programs that need nothing installed beside the same program
 * with its packages.
 */
import { copyFile, realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { installProject, type Project } from "../../test/runtimes/project.ts";
import { type RuntimeName, runtimeOf } from "../../test/runtimes/runtimes.ts";
import { builders, standaloneProgram } from "../../test/runtimes/standalone.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { runFresh, runInTurns, type Seen } from "../harness/fresh-process.ts";
import { median, type Rounds, ratio } from "../harness/measure.ts";
import { type Row, timesFloor } from "../harness/row.ts";

type Env = Readonly<Record<string, string>>;

const node = "Node.js 24";
const others = ["Node.js 22", "Bun 1.4", "Deno 2.9"] as const;
const names = [node, ...others] as const;
const programs = ["nothing", "import-ours", "import-peer", "hit", "first-token-ours", "first-token-peer"];

/** What a fresh process of a runtime does with arguments. */
const runOf = ({ folder: cwd }: Project, name: RuntimeName, env: Env) => {
  const [file, ...own] = runtimeOf(name).command;
  return (...args: readonly string[]) =>
    runFresh([...own, ...args], { file: join(cwd, "node_modules", file), cwd, env: { ...env, HOME: cwd } });
};

/** Where they find the packages that are installed; the peer is that of the bench. */
async function addPrograms({ folder }: Project): Promise<void> {
  for (const name of programs)
    await copyFile(join(import.meta.dirname, "../programs", `${name}.mjs`), join(folder, `${name}.mjs`));
  const peer = await realpath(join(import.meta.dirname, "../node_modules/@azure/identity"));
  await symlink(peer, join(folder, "node_modules/@azure/identity"));
}

/** Runs some processes of each runtime in turns; by `runtime/process`. */
async function inEach(
  project: Project,
  rounds: number,
  env: Env,
  processes: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, Seen>> {
  const runs = names.flatMap((name) => {
    const run = runOf(project, name, env);
    return Object.entries(processes).map(([process, args]) => [`${name}/${process}`, () => run(...args)] as const);
  });
  return runInTurns(Object.fromEntries(runs), rounds);
}

const roundsOf = (seen: Record<string, Seen>, key: string): Rounds => seen[key]?.ms ?? [];
const beyond = (one: Rounds, bare: Rounds) => one.map((value, round) => value - (bare[round] ?? Number.NaN));

/** Of medians: what lies between two processes is small and noisy in a single round. */
const timesNode = (limit: number, ours: number, inNode: number) => timesFloor(limit, ours / inNode, "Node.js 24");

async function* importRows(project: Project, rounds: number): AsyncGenerator<Row> {
  const processes = { nothing: ["nothing.mjs"], ours: ["import-ours.mjs"], peer: ["import-peer.mjs"] };
  const seen = await inEach(project, rounds, {}, processes);
  const of = (name: string, process: string) =>
    median(beyond(roundsOf(seen, `${name}/${process}`), roundsOf(seen, `${name}/nothing`)));
  const floor = of(node, "ours");
  for (const name of others) {
    const bare = median(roundsOf(seen, `${name}/nothing`)).toFixed(0);
    const figure = `${name}: import of core and plugin-entra, beyond ${bare} ms of itself (floor: ${node})`;
    const ours = of(name, "ours");
    yield { figure, unit: "ms", ours, peer: of(name, "peer"), floor, ...timesNode(2, ours, floor) };
  }
}

async function* hitRows(project: Project, rounds: number, env: Env): AsyncGenerator<Row> {
  const seen = await inEach(project, rounds, env, { ours: ["hit.mjs", "ours"], peer: ["hit.mjs", "peer"] });
  const of = (name: string, process: string) => median((seen[`${name}/${process}`]?.printed ?? []).map(Number)) / 1_000;
  const floor = of(node, "ours");
  for (const name of others) {
    const ours = of(name, "ours");
    const figure = `${name}: cached, one source, getToken(scope) (floor: ${node})`;
    yield { figure, unit: "µs", ours, peer: of(name, "peer"), floor, ...timesNode(2, ours, floor) };
  }
}

async function* firstTokenRows(project: Project, rounds: number, env: Env): AsyncGenerator<Row> {
  const processes = { ours: ["first-token-ours.mjs"], peer: ["first-token-peer.mjs"] };
  const seen = await inEach(project, rounds, env, processes);
  for (const name of others) {
    const [ours, peer] = [roundsOf(seen, `${name}/ours`), roundsOf(seen, `${name}/peer`)];
    const figure = `${name}: process start to first token and exit, one source`;
    const ms = { ours: median(ours), peer: median(peer), floor: undefined };
    yield { figure, unit: "ms", ...ms, ...timesFloor(1, ratio(ours, peer), "peer") };
  }
}

/** A program of one file, beside the same program under its runtime. */
async function* standaloneRows(project: Project, rounds: number, env: Env): AsyncGenerator<Row> {
  const pairs = [
    { name: "bun build --compile", runtime: "Bun 1.4" },
    { name: "bun build --compile --minify --bytecode", runtime: "Bun 1.4" },
    { name: "a single executable application of Node.js", runtime: node },
  ] as const;
  const cwd = await project.emptyFolder();
  for (const [index, { name, runtime }] of pairs.entries()) {
    const target = join(cwd, `program-${index}`);
    await builders[name].build(project.folder, target);
    const run = runOf(project, runtime, env);
    const ofFile = () => runFresh([], { file: target, cwd, env: { ...env, HOME: cwd } });
    const { ours, floor } = await runInTurns({ ours: ofFile, floor: () => run(standaloneProgram) }, rounds);
    const figure = `${name}: start to first token and exit (floor: the program under ${runtime})`;
    const ms = { ours: median(ours.ms), peer: undefined, floor: median(floor.ms) };
    yield { figure, unit: "ms", ...ms, ...timesFloor(1.5, ratio(ours.ms, floor.ms), "the program") };
  }
}

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess({ tokenLifetimeSeconds: 86_399 });
  await using project = await installProject();
  await addPrograms(project);
  const rounds = quick ? 5 : 15;
  yield* importRows(project, rounds);
  yield* hitRows(project, quick ? 3 : 7, emulator.env);
  yield* firstTokenRows(project, rounds, emulator.env);
  yield* standaloneRows(project, rounds, emulator.env);
};
