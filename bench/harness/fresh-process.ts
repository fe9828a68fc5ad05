import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * The same variables for every child but those of Node and Azure that this machine may have set.
 */
const plainEnv = { PATH: process.env.PATH, HOME: process.env.HOME, SystemRoot: process.env.SystemRoot };

/** How a fresh process is started. */
export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: this Node.js. */
  readonly file?: string;
  /** Default: that of this process. */
  readonly cwd?: string;
}

/** What a process took from start to end, and what it printed. */
interface Run {
  readonly ms: number;
  readonly stdout: string;
}

/** Milliseconds of each round, and what was printed in each. */
export interface Seen {
  readonly ms: number[];
  readonly printed: string[];
}

/** Runs a program in a fresh process. */
export async function runFresh(
  args: readonly string[],
  { env = {}, file = process.execPath, cwd }: Start = {},
): Promise<Run> {
  const started = performance.now();
  const { stdout } = await execute(file, args, { cwd, env: { ...plainEnv, ...env }, timeout: 60_000 });
  return { ms: performance.now() - started, stdout };
}

/** Runs programs in turns, each by its function. */
export async function runInTurns<Name extends string>(
  programs: Readonly<Record<Name, () => Promise<Run>>>,
  rounds: number,
): Promise<Record<Name, Seen>> {
  const names = Object.keys(programs) as Name[];
  const seen = Object.fromEntries(names.map((name) => [name, { ms: [], printed: [] }])) as unknown as Record<
    Name,
    Seen
  >;
  for (const name of names) await programs[name](); // files get into the system's cache
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] as Name;
      const { ms, stdout } = await programs[name]();
      seen[name].ms.push(ms);
      seen[name].printed.push(stdout);
    }
  }
  return seen;
}

/** Runs programs of this Node.js in turns. */
export function runFreshInTurns<Name extends string>(
  programs: Readonly<Record<Name, readonly string[]>>,
  rounds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Record<Name, Seen>> {
  const entries = Object.entries<readonly string[]>(programs);
  const runs = Object.fromEntries(entries.map(([name, args]) => [name, () => runFresh(args, { env })]));
  return runInTurns(runs as Record<Name, () => Promise<Run>>, rounds);
}
