import { spawn } from "node:child_process";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import type { PackageManager } from "./package-manager.ts";

/** The command that installs packages, as a person types it. */
export const installCommand = ({ name, add }: PackageManager, packages: readonly string[]): string =>
  [name, ...add, ...packages].join(" ");

/**
 * Installs packages in a folder. What the package manager prints is on standard error.
 *
 * @throws {CommandError} `install-failed`
 */
export async function install(manager: PackageManager, packages: readonly string[], folder: string, host: Host) {
  const remedy = `Run: ${installCommand(manager, packages)}`;
  // names of packages and of the program are those of tables here, so a shell finds nothing in them
  // to expand
  const child = spawn(manager.name, [...manager.add, ...packages], {
    cwd: folder,
    env: host.environment,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    signal: host.signal,
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => host.errorOutput.write(part));
  const ended = Promise.withResolvers<number | null>();
  child.on("error", (cause) =>
    ended.reject(new CommandError("install-failed", `${manager.name} could not be started.`, { remedy, cause })),
  );
  child.on("close", (code) => ended.resolve(code));
  const code = await ended.promise;
  if (code !== 0) throw new CommandError("install-failed", `${manager.name} ended with exit code ${code}.`, { remedy });
}
