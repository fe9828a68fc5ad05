/** The runtimes, and how each runs a program. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Runtime {
  readonly name: string;
  /** The binary in its package, and what stands before the program. */
  readonly command: readonly [file: string, ...args: string[]];
}

/** Their binaries for Linux on x64, which npm installs as packages of their own. */
export const runtimes = [
  { name: "Node.js 22", command: ["node-22/bin/node"] },
  { name: "Node.js 24", command: ["node-24/bin/node"] },
  { name: "Bun 1.4", command: ["@oven/bun-linux-x64/bin/bun"] },
  { name: "Deno 2.9", command: ["@deno/linux-x64-glibc/deno", "run", "--allow-all"] },
] as const satisfies readonly Runtime[];

export type RuntimeName = (typeof runtimes)[number]["name"];

export const runtimeOf = (name: RuntimeName): Runtime => runtimes.find((one) => one.name === name) as Runtime;

export interface RunOptions {
  /** The folder whose node_modules have the runtime; the program runs in it. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a program has printed, both outputs apart, and its exit code, if that is not 0. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code?: number;
}

/** Runs a program, which may end with any exit code. */
export async function runIn(
  { command: [file, ...own] }: Runtime,
  args: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  const { folder: cwd, env = {} } = options;
  const binary = join(cwd, "node_modules", file);
  const all = { PATH: process.env.PATH, HOME: cwd, ...env };
  const ended = promisify(execFile)(binary, [...own, ...args], { cwd, env: all, timeout: 300_000 });
  return ended.catch((error: Ended) => error);
}
