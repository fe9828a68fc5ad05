import { chmod, lstat, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import { makeFolder } from "../project/make-folder.ts";
import { type Listener, openServer } from "./listen.ts";
import { requirePrivateFolder } from "./private-file.ts";

/** The longest path that all systems accept (macOS: 104 bytes with the end). */
const maxPathBytes = 103;

/**
 * Listens at a Unix socket: mode 0600, in a folder of mode 0700 of this user, which is created
 * where it is missing.
 *
 * @throws {CommandError} `socket-path-too-long`, `socket-path-taken`, `socket-in-use`,
 * `folder-exposed`
 */
export async function listenAtSocket(path: string, onRequest: RequestListener): Promise<Listener> {
  if (Buffer.byteLength(path) > maxPathBytes) {
    throw new CommandError("socket-path-too-long", `The path of a socket has at most ${maxPathBytes} bytes: ${path}`, {
      remedy: "Choose a shorter one, such as --socket ~/.azid/relay.sock",
    });
  }
  makeFolderOf(path);
  await requirePrivateFolder(dirname(path));
  await removeStaleSocket(path);
  const listener = await openServer({ path }, onRequest);
  await chmod(path, 0o600);
  return listener;
}

function makeFolderOf(path: string): void {
  try {
    makeFolder(dirname(path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CommandError("socket-path-taken", `There can be no folder ${dirname(path)} (${code}).`, {
      remedy: "Choose another --socket, such as --socket ~/.azid/relay.sock",
      cause,
    });
  }
}

/** Removes the socket of a relay that has ended without removing it. */
async function removeStaleSocket(path: string): Promise<void> {
  const entry = await lstat(path).catch(() => undefined);
  if (entry === undefined) return;
  if (!entry.isSocket()) {
    throw new CommandError("socket-path-taken", `There is something else than a socket at ${path}.`, {
      remedy: "Choose another --socket; azid serve removes nothing but sockets.",
    });
  }
  if (await isAnswered(path)) {
    throw new CommandError("socket-in-use", `Another program listens at ${path}.`, {
      remedy: "Is it another azid serve? End it, or choose another --socket.",
    });
  }
  await rm(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
