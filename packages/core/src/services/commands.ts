import { isBackground } from "../async/abort.ts";
import type { CommandOptions, CommandResult, Commands } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { isFullPath } from "../util/windows.ts";
import { abortReason } from "./clock.ts";
import { commandLine, killTreeLine, systemFolder } from "./command-line.ts";
import { findProgram, programFiles } from "./find-program.ts";

const defaultMaxOutputBytes = 1_048_576;
/** How long to read the outputs of a program that has ended. */
const drainMs = 250;
type Env = Readonly<Record<string, string | undefined>>;
type Child = import("node:child_process").ChildProcess;
type Socket = import("node:net").Socket;

/** Ends a program with everything it has started: its process group, or its tree on Windows. */
function endTree(child: Child, env: Env): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    const { spawn } = process.getBuiltinModule("node:child_process");
    const { file, args } = killTreeLine(child.pid, env);
    spawn(file, args, { cwd: systemFolder(env, "win32"), stdio: "ignore", windowsHide: true }).on("error", () =>
      child.kill(),
    );
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL"); // the group has already gone
  }
}

/** Why the system did not start a program that was found. */
const startFailures: Readonly<Record<string, string>> = {
  ENOENT: "the program that its first line names does not exist",
  EACCES: "this account may not execute it",
  ENOEXEC: "it is not a program of this system",
};

function notStarted(file: string, cause: NodeJS.ErrnoException): Error {
  const { code = "unknown reason" } = cause;
  const why = startFailures[code] ?? "the system refused to start it";
  const remedy = "Reinstall it, or correct its permissions.";
  return outcomeError("not-installed", `${file} cannot be run: ${why} (${code}).`, { remedy, cause });
}

function outputTooLarge(file: string, limit: number): Error {
  const remedy = "Run it in a terminal to see what it prints.";
  return outcomeError("failed", `${file} printed more than ${limit} bytes.`, { code: "output-too-large", remedy });
}

/** The system would search for a bare name, on Windows in the current directory first. */
function notFull(file: string): Error {
  const remedy = "Pass the path that `find` returns.";
  return outcomeError("not-installed", `${file} is not an absolute path, so it is not run.`, { remedy });
}

/** Programs of this machine, found in the PATH of `env` and run without a shell. */
export function createCommands(env: Env): Commands {
  const find = (program: string) => findProgram(program, env, programFiles());

  const run = (
    file: string,
    args: readonly string[],
    options: CommandOptions,
    signal: AbortSignal,
  ): Promise<CommandResult> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortReason(signal));
      if (!isFullPath(file, process.platform)) return reject(notFull(file));
      const { spawn } = process.getBuiltinModule("node:child_process");
      const limit = options.maxOutputBytes ?? defaultMaxOutputBytes;
      const line = commandLine(file, args, env, process.platform);
      const child = spawn(line.file, line.args, {
        cwd: systemFolder(env, process.platform),
        env: { ...env, ...options.env },
        windowsVerbatimArguments: line.verbatim,
        stdio: ["ignore", "pipe", "pipe"],
        detached: process.platform !== "win32",
        windowsHide: true,
      });
      if (isBackground(signal)) for (const one of [child, child.stdout as Socket, child.stderr as Socket]) one.unref();
      const chunks: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
      const text = (name: keyof typeof chunks) => Buffer.concat(chunks[name]).toString("utf8");
      const settle = (finish: () => void) => {
        signal.removeEventListener("abort", onAbort);
        finish();
      };
      const stop = (error: Error) => {
        endTree(child, env);
        child.stdout.destroy();
        child.stderr.destroy();
        settle(() => reject(error));
      };
      const onAbort = () => stop(abortReason(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      for (const name of ["stdout", "stderr"] as const) {
        let size = 0;
        child[name].on("data", (chunk: Buffer) => {
          chunks[name].push(chunk);
          size += chunk.length;
          if (size > limit) stop(outputTooLarge(file, limit));
        });
      }
      child.on("error", (cause) => settle(() => reject(notStarted(file, cause))));
      const close = (exitCode: number | null) =>
        settle(() => resolve({ exitCode: exitCode ?? -1, stdout: text("stdout"), stderr: text("stderr") }));
      child.on("exit", (exitCode) => {
        // a process that it leaves running (an update in the background) may keep its outputs open
        // for hours
        const drained = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
          close(exitCode);
        }, drainMs);
        child.on("close", () => clearTimeout(drained));
      });
      child.on("close", close);
    });

  return { find, run };
}
