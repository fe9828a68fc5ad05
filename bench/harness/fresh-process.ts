import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * The same variables for every child but those of Node and Azure that this machine may have set.
 */
const plainEnv = { PATH: process.env.PATH, HOME: process.env.HOME, SystemRoot: process.env.SystemRoot };

/** Runs a program in a fresh process: how long it took from start to end, and what it printed. */
export async function runFresh(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const started = performance.now();
  const { stdout } = await execute(process.execPath, args, { env: { ...plainEnv, ...env }, timeout: 60_000 });
  return { ms: performance.now() - started, stdout };
}

/**
 * Runs programs in turns; per program the milliseconds of each round, and what it printed in each.
 */
export async function runFreshInTurns<Name extends string>(
  programs: Readonly<Record<Name, readonly string[]>>,
  rounds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Record<Name, { readonly ms: number[]; readonly printed: string[] }>> {
  const names = Object.keys(programs) as Name[];
  const seen = Object.fromEntries(names.map((name) => [name, { ms: [], printed: [] }])) as unknown as Record<
    Name,
    { ms: number[]; printed: string[] }
  >;
  for (const name of names) await runFresh(programs[name], env); // files get into the system's cache
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] as Name;
      const { ms, stdout } = await runFresh(programs[name], env);
      seen[name].ms.push(ms);
      seen[name].printed.push(stdout);
    }
  }
  return seen;
}
