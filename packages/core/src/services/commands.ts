import { isBackground } from "../async/abort.ts";
import type { CommandOptions, Commands } from "../contract/system-services.ts";
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
/** A program whose outputs are read. */
type Program = Child & { readonly stdout: Socket; readonly stderr: Socket };

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

const busy = "the system has no process, memory or file handle left";
const endOthers = "End programs that are not needed, or raise the limits (`ulimit -a` shows them).";

/** Why a program that was found did not start, and what to do about it. */
const startFaults: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  ENOENT: [
    "the program that its first line names does not exist",
    "Install the interpreter that its first line names, or reinstall it.",
  ],
  EACCES: [
    "this user may not run it",
    "Make it executable for this user, and its folder a place where programs may run.",
  ],
  EPERM: ["a policy of this system does not allow it", "Have it allowed by the administrator of this machine."],
  ETXTBSY: ["it is being written", "Try again when its installation has ended."],
  EAGAIN: [busy, endOthers],
  ENOMEM: [busy, endOthers],
  EMFILE: [busy, endOthers],
  ENFILE: [busy, endOthers],
};

/** A program that was found and did not start. */
function notStarted(file: string, cause: NodeJS.ErrnoException): Error {
  const { code = cause.name } = cause;
  const [why, remedy] = startFaults[code] ?? ["it did not start", "Run it in a terminal to see why."];
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

/** Starts a program without a shell, in a folder of the system's. */
function start(file: string, args: readonly string[], env: Env, options: CommandOptions): Program {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const line = commandLine(file, args, env, process.platform);
  const { input } = options;
  const program = spawn(line.file, line.args, {
    cwd: systemFolder(env, process.platform),
    env: { ...(options.clearEnv === true ? {} : env), ...options.env },
    windowsVerbatimArguments: line.verbatim,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  }) as Program;
  program.stdin?.on("error", () => undefined).end(input); // a program need not read it
  return program;
}

/**
 * Collects what a program prints, and calls `onTooMuch` when one of its outputs is longer than the
 * limit.
 */
function collect(program: Program, limit: number, onTooMuch: () => void) {
  const collected = (output: Socket): (() => string) => {
    const chunks: Buffer[] = [];
    let size = 0;
    output.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) onTooMuch();
    });
    return () => Buffer.concat(chunks).toString("utf8");
  };
  return { stdout: collected(program.stdout), stderr: collected(program.stderr) };
}

function closeOutputs({ stdin, stdout, stderr }: Program): void {
  stdin?.destroy();
  stdout.destroy();
  stderr.destroy();
}

/**
 * Calls `onEnd` when a program has ended and its outputs are read. A process that it leaves running
 * (an update in the background) may keep its outputs open for hours, so they are read for a moment.
 */
function whenEnded(program: Program, onEnd: (exitCode: number | null, signal: string | null) => void): void {
  program.on("exit", (exitCode, signal) => {
    const drained = setTimeout(() => {
      closeOutputs(program);
      onEnd(exitCode, signal);
    }, drainMs);
    program.on("close", () => clearTimeout(drained));
  });
  program.on("close", onEnd);
}

/** Programs of this machine, found in the PATH of `env` and run without a shell. */
export function createCommands(env: Env): Commands {
  const run: Commands["run"] = (file, args, options, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortReason(signal));
      if (!isFullPath(file, process.platform)) return reject(notFull(file));
      const program = start(file, args, env, options);
      if (isBackground(signal))
        for (const one of [program, program.stdin as Socket | null, program.stdout, program.stderr]) one?.unref();
      const settle = (finish: () => void) => {
        signal.removeEventListener("abort", onAbort);
        finish();
      };
      const stop = (error: Error) => {
        endTree(program, env);
        closeOutputs(program);
        settle(() => reject(error));
      };
      const onAbort = () => stop(abortReason(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      const limit = options.maxOutputBytes ?? defaultMaxOutputBytes;
      const { stdout, stderr } = collect(program, limit, () => stop(outputTooLarge(file, limit)));
      program.on("error", (cause) => settle(() => reject(notStarted(file, cause))));
      whenEnded(program, (exitCode, by) =>
        settle(() =>
          resolve({ exitCode: exitCode ?? -1, stdout: stdout(), stderr: stderr(), ...(by && { signal: by }) }),
        ),
      );
    });

  return { find: (program) => findProgram(program, env, programFiles()), run };
}
