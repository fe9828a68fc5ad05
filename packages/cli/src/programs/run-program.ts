import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { CommandLine } from "@azidentity/core/project";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { programLine } from "./program-line.ts";

type Surroundings = Pick<Host, "environment" | "workingDirectory" | "signal" | "leaveInterrupts">;

/** Milliseconds that a program has to end after it was asked to. */
const graceMs = 5_000;

const notStarted = (problem: string, remedy: string, cause: unknown) =>
  new CommandError("program-not-started", problem, { remedy, cause });

function lineOf(words: readonly string[], env: Host["environment"], workingDirectory: string): CommandLine {
  try {
    return programLine(words, { env, workingDirectory });
  } catch (cause) {
    const remedy = "Write the arguments into a script of package.json or a batch file, and run that.";
    throw notStarted(`${words[0]} is not started: ${(cause as Error).message}`, remedy, cause);
  }
}

/**
 * Runs a program with the standard streams of this one. Ctrl-C at a terminal is the program's, and
 * it ends when it is ready. When the signal ends, the program is asked to end, and is killed if it
 * does not.
 *
 * @param variables what it gets besides the environment of this process; `undefined`: what it does
 * not get of it
 * @returns its exit code, or 128 and the number of the signal that has ended it, as shells do
 * @throws {CommandError} `program-not-started`
 */
export async function runProgram(
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  { environment, workingDirectory, signal, leaveInterrupts }: Surroundings,
): Promise<number> {
  signal.throwIfAborted();
  const env = { ...environment, ...variables };
  const { file, args, verbatim } = lineOf(words, env, workingDirectory);
  const child = spawn(file, args, {
    cwd: workingDirectory,
    env,
    stdio: "inherit",
    windowsVerbatimArguments: verbatim,
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill();
    timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  const takeInterrupts = leaveInterrupts();
  try {
    const [code, ended] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (ended === null ? 0 : constants.signals[ended]);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const remedy = "Check its name and PATH. A program and its arguments are what follows --, such as: -- node main.js";
    throw notStarted(`${words[0]} could not be started (${code}).`, remedy, cause);
  } finally {
    takeInterrupts();
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
