import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A session bus that the emulator has started. */
export interface SessionBus {
  /** The value of `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Has no service files, so that the bus starts no program of this machine, such as a keyring that
 * prompts for a password.
 */
const configuration = (folder: string) => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/**
 * Starts `dbus-daemon`.
 *
 * @throws {Error} It is not installed.
 */
export async function startSessionBus(): Promise<SessionBus> {
  const folder = await mkdtemp(join(tmpdir(), "azidentity-bus-"));
  const config = join(folder, "bus.conf");
  await writeFile(config, configuration(folder));
  const daemon = spawn("dbus-daemon", [`--config-file=${config}`, "--print-address", "--nofork", "--nopidfile"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(daemon, "close").catch(() => undefined);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      daemon.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    })();
    return closed;
  };
  try {
    const line = once(daemon.stdout, "data").then(([chunk]) => String(chunk).trim());
    const failed = once(daemon, "error").then(([cause]) => {
      throw new Error("dbus-daemon cannot be run. Install the package dbus.", { cause });
    });
    return { address: await Promise.race([line, failed]), close };
  } catch (error) {
    await close();
    throw error;
  }
}
