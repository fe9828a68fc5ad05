import { once } from "node:events";
import type { Emulator, EnvironmentPreset } from "@azidentity/emulator";
import type { CommandInput, RunCommand } from "../command-line/description.ts";
import { CommandError, usageError } from "../errors/command-error.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { runProgram } from "../programs/run-program.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf, wrapped } from "../terminal/width.ts";
import { write, writeJson } from "../terminal/write.ts";
import { createUsers, type EmulatedUser, emulatorOptions } from "./directory.ts";
import { environmentLines } from "./environment-lines.ts";
import { loadEmulator } from "./load-emulator.ts";

/** What a running emulator prints. */
interface Started {
  readonly page: string;
  readonly users: readonly EmulatedUser[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the emulator and its page, until Ctrl-C or until the program after `--` has ended. */
export const run: RunCommand = async (input, host) => {
  const preset = input.options.preset as EnvironmentPreset;
  const port = readPort(input.options.port);
  const { startEmulator } = await loadEmulator();
  const users = createUsers();
  const emulator = await startEmulator(emulatorOptions(preset, users));
  try {
    const page = await startPage(emulator, port);
    return await work({ page, users, environment: emulator.env(preset) }, input, host);
  } finally {
    await emulator.close();
  }
};

/** Runs the program of the command line to its end, or waits for Ctrl-C. */
async function work(started: Started, input: CommandInput, host: Host): Promise<ExitCode | undefined> {
  if (input.rest.length > 0) {
    await write(host.errorOutput, `${introduction(started, host)}\n`);
    return runProgram(input.rest, started.environment, host);
  }
  await print(started, input, host);
  if (!host.signal.aborted) await once(host.signal, "abort");
  return undefined;
}

function readPort(value: CommandInput["options"][string]): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (Number.isInteger(port) && port > 0 && port < 65_536 && /^\d+$/.test(String(value))) return port;
  throw usageError(`--port has to be a number from 1 to 65535.`, "Leave it out for a port that is free.");
}

async function startPage(emulator: Emulator, port: number | undefined): Promise<string> {
  try {
    return (await emulator.startDashboard({ port })).url;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (port === undefined || (code !== "EADDRINUSE" && code !== "EACCES")) throw cause;
    const reason = code === "EACCES" ? "may not be used by this account" : "is used by another program";
    throw new CommandError("port-taken", `Port ${port} ${reason}.`, {
      remedy: "Leave out --port for a port that is free.",
      cause,
    });
  }
}

/**
 * The environment on standard output, for people or for a shell that reads it, and the rest beside
 * it.
 */
async function print(started: Started, { options }: CommandInput, host: Host): Promise<void> {
  if (options.json === true) return writeJson(host.output, started);
  await write(host.errorOutput, `${introduction(started, host)}\nIn another terminal:\n\n`);
  await write(host.output, `${environmentLines(started.environment, host.platform).join("\n")}\n`);
  await write(host.errorOutput, "\nCtrl-C ends the emulator.\n");
}

function introduction({ page, users }: Started, { errorOutput, environment }: Host): string {
  const { bold } = styleOf(errorOutput, { environment });
  const people = users.map(({ username, password }) => `  ${username}  ${password}`);
  const passwords = wrapped("Users and their passwords, of this run alone:", columnsOf(errorOutput));
  return ["Emulator of Microsoft Entra ID:", `  ${bold(page)}`, ...passwords, ...people, ""].join("\n");
}
