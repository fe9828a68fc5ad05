import { spawn } from "node:child_process";
import { join } from "node:path";

/** How the built command has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run the built command. */
export interface RunSettings {
  /** The whole environment, besides PATH. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Text of standard input. Default: empty. */
  readonly input?: string;
}

/** The built command. */
export const program = join(import.meta.dirname, "../dist/main.js");

/**
 * Milliseconds after which a command that should have ended is killed, so that a test that fails
 * leaves no process.
 */
const timeout = 120_000;

/** Runs the built command to its end, with an environment that is built from nothing. */
export function runAzid(words: readonly string[], { env = {}, cwd, input = "" }: RunSettings = {}): Promise<Ended> {
  const { PATH, SystemRoot } = process.env;
  const child = spawn(process.execPath, [program, ...words], { cwd, timeout, env: { PATH, SystemRoot, ...env } });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (part: Buffer) => {
    texts.stdout += part.toString("utf8");
  });
  child.stderr.on("data", (part: Buffer) => {
    texts.stderr += part.toString("utf8");
  });
  child.stdin.on("error", () => {}); // a command that reads nothing closes it
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...texts }));
  });
}
