import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageBus } from "dbus-native";

const busName = "org.freedesktop.secrets";

/**
 * Starts an empty, unlocked keyring on a session bus.
 *
 * @throws {Error} `gnome-keyring-daemon` is not installed.
 */
export async function startKeyring(bus: MessageBus, busAddress: string): Promise<{ close(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "azidentity-keyring-"));
  const arrived = new Promise<void>((resolve) => {
    bus.connection.on("message", ({ member, body }) => {
      if (member === "NameOwnerChanged" && body?.[0] === busName) resolve();
    });
  });
  await bus.watch(`type='signal',member='NameOwnerChanged',arg0='${busName}'`);
  const keyring = spawn("gnome-keyring-daemon", ["--unlock", "--components=secrets", "--foreground"], {
    env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: busAddress },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = once(keyring, "close").catch(() => undefined);
  const failed = once(keyring, "error").then(([cause]) => {
    throw new Error("gnome-keyring-daemon cannot be run. Install the package gnome-keyring.", { cause });
  });
  const close = async () => {
    keyring.kill("SIGKILL");
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  keyring.stdin.on("error", () => undefined).end("a password");
  try {
    await Promise.race([arrived, failed]);
  } catch (error) {
    await close();
    throw error;
  }
  failed.catch(() => undefined);
  return { close };
}
