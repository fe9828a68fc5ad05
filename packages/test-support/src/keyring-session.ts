/** Shell sessions with a session bus, and with a Secret Service in them. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Runs shell lines in which `run <arguments>` starts a program; returns what each run printed as
 * JSON. `onStderr` is called when a program has written to its standard error.
 */
export async function inShell(
  program: string,
  session: readonly [string, ...string[]],
  lines: readonly string[],
  onStderr: () => void = () => undefined,
): Promise<readonly Record<string, unknown>[]> {
  const script = [`run() { "${process.execPath}" "${program}" "$@"; }`, ...lines].join("\n");
  const home = await mkdtemp(join(tmpdir(), "session-"));
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: await mkdtemp(join(home, "run-")) };
  const [file, ...args] = [...session, "bash", "-c", script];
  const started = promisify(execFile)(file as string, args, { env, timeout: 120_000 });
  started.child.stderr?.on("data", onStderr);
  const { stdout } = await started.finally(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
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
