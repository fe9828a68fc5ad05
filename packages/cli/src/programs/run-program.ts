import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";

type Surroundings = Pick<Host, "environment" | "workingDirectory" | "signal" | "leaveInterrupts">;

/** Milliseconds that a program has to end after it was asked to. */
const graceMs = 5_000;

/**
 * Runs a program with the standard streams of this one. Ctrl-C at a terminal is the program's, and it ends
 * when it is ready. When the signal ends, the program is asked to end, and is killed if it does not.
 *
 * @param variables what it gets besides the environment of this process; `undefined`: what it does not get of it
 * @returns its exit code, or 128 and the number of the signal that has ended it, as shells do
 * @throws {CommandError} `program-not-started`
 */
export async function runProgram(
  [program = "", ...args]: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  { environment, workingDirectory, signal, leaveInterrupts }: Surroundings,
): Promise<number> {
  signal.throwIfAborted();
  const env = { ...environment, ...variables };
  const child = spawn(program, args, { cwd: workingDirectory, env, stdio: "inherit" });
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
    throw new CommandError("program-not-started", `${program} could not be started (${code}).`, {
      remedy: "Check its name and PATH. A program and its arguments are what follows --, such as: -- node main.js",
      cause,
    });
  } finally {
    takeInterrupts();
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
