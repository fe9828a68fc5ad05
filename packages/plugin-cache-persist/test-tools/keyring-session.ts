/** Shell sessions with a session bus, and with a Secret Service in them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tempFolder } from "../test/temp-folder.ts";

/**
 * Runs shell lines in which `run <arguments>` starts a program; returns what each run printed as
 * JSON.
 */
export async function inShell(
  program: string,
  session: readonly [string, ...string[]],
  lines: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  const script = [`run() { "${process.execPath}" "${program}" "$@"; }`, ...lines].join("\n");
  const env = { PATH: process.env.PATH, HOME: tempFolder(), XDG_RUNTIME_DIR: tempFolder() };
  const [file, ...args] = [...session, "bash", "-c", script];
  const { stdout } = await promisify(execFile)(file as string, args, { env, timeout: 60_000 });
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

export const bus = ["dbus-run-session", "--"] as const;
export const unlock =
  "printf ci-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1";
export const lock: string = [
  "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets",
  "org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null",
].join(" ");
/** The command in the remedy for a locked keyring. */
export const unlockAgain: string = unlock.replace("--unlock", "--replace --unlock");
