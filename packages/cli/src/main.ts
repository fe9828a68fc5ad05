#!/usr/bin/env node
import { homedir } from "node:os";
import { isatty } from "node:tty";
import { exitCodes } from "./exit-codes.ts";
import type { Host, Output } from "./host.ts";
import { run } from "./run.ts";

/** What still keeps the process alive this long after a command has ended is left behind. */
const lingerMs = 1_000;

/** The variables; a command without them would sign in another identity, or none. */
function readEnvironment(): NodeJS.ProcessEnv {
  try {
    Object.keys(process.env);
  } catch {
    process.stderr.write("error: This process may not read its variables.\n  Start the program with --allow-env.\n");
    process.exit(exitCodes.configuration.code);
  }
  return process.env;
}

/** The home folder; an account without one is no error. */
function findHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** The working directory; one that was deleted has no name any more. */
function findWorkingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write("error: The working directory does not exist any more.\n  Change to another folder: cd\n");
    process.exit(1);
  }
}

/** Aborts with the first signal; the second one ends the process at once. */
function abortOnSignals(controller: AbortController): Host["leaveInterrupts"] {
  let programs = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (name === "SIGINT" && programs > 0) return;
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return () => {
    const count = [0, 1, 2].some(isatty) ? 1 : 0;
    programs += count;
    return () => {
      programs -= count;
    };
  };
}

/** The reader has closed its end, or the terminal is gone. */
const ends = ["EPIPE", "ERR_STREAM_DESTROYED", "EIO"];

/** A reader that has closed its end (`| head -1`) wants no more: the command ends, and quietly. */
function endWithReader(output: Output, controller: AbortController): () => boolean {
  let isClosed = false;
  output.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === undefined || !ends.includes(code)) throw new Error(`Standard output: ${code}`);
    isClosed = true;
    controller.abort();
  });
  return () => isClosed;
}

/** Ends in an old runtime, before something fails for lack of what it does not have. */
function refuseOldRuntime(): void {
  if (process.getBuiltinModule !== undefined) return;
  process.stderr.write(`error: azid does not run on Node.js ${process.version}.\n  Use Node.js 22.3 or newer.\n`);
  process.exit(exitCodes.failed.code);
}

refuseOldRuntime();
const controller = new AbortController();
const leaveInterrupts = abortOnSignals(controller);
const isClosed = endWithReader(process.stdout, controller);
endWithReader(process.stderr, controller);

const host: Host = {
  environment: readEnvironment(),
  workingDirectory: findWorkingDirectory(),
  home: findHome(),
  get input() {
    return process.stdin; // opening it takes time, and few commands read it
  },
  output: process.stdout,
  errorOutput: process.stderr,
  signal: controller.signal,
  leaveInterrupts,
  platform: process.platform,
  now: Date.now,
};

const code = await run(process.argv.slice(2), host);
process.exitCode = isClosed() ? 0 : code;
setTimeout(() => process.exit(), lingerMs).unref();
