/** Files and folders that no other account of the machine can read. */
import { constants, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findPathFault } from "@azidentity/core/plugin";
import { CommandError } from "../errors/command-error.ts";
import { makeFolder } from "../project/make-folder.ts";

const othersMayRead = 0o077;

/**
 * Windows has no such modes; there, files in the folder of a user are that user's. `undefined`:
 * this system does not tell.
 */
function ownId(): number | undefined {
  return process.getuid?.();
}

/**
 * A folder above it that is another user's would do as much as the folder itself: its owner can put
 * another one into its place.
 *
 * @throws {CommandError} `folder-exposed`: the folder is another user's, or others may enter or
 * replace it
 */
export async function requirePrivateFolder(path: string): Promise<void> {
  const own = ownId();
  if (own === undefined) return;
  const { uid, mode } = await stat(path);
  if (uid === own && (mode & othersMayRead) === 0) return refuseReplaceable(path);
  const [problem, remedy] =
    uid === own
      ? ["can be entered by other users", `Choose one of its own, which is created, such as ${join(path, "azid")}`]
      : ["is another user's", "Choose another."];
  throw new CommandError("folder-exposed", `The folder ${path} ${problem}.`, { remedy });
}

function refuseReplaceable(path: string): void {
  const fault = findPathFault(path);
  if (fault === undefined) return;
  const { type, path: at, chmod } = fault;
  const problem = chmod === undefined ? "is another user's" : "can be written by other users";
  throw new CommandError("folder-exposed", `The ${type} ${at}, on the way to ${path}, ${problem}.`, {
    remedy: chmod === undefined ? "Choose another folder." : `Run: chmod ${chmod} ${at}`,
  });
}

/**
 * Writes a file of mode 0600 into a folder of mode 0700, whole or not at all. The folder is created
 * where it is missing.
 *
 * @throws {CommandError} `folder-exposed`, `file-unusable`
 */
export async function writePrivateFile(path: string, text: string, remedy: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  try {
    makeFolder(dirname(path));
    await requirePrivateFolder(dirname(path));
    await rm(unfinished, { force: true });
    await writeFile(unfinished, text, { flag: "wx", mode: 0o600 });
    await rename(unfinished, path);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError("file-unusable", `The file ${path} cannot be written (${code}).`, { remedy, cause: error });
  }
}

const otherFile = "Choose a file of your own.";

/** A pipe is opened without its other end, and then refused. */
const readAtOnce = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0); // Windows has none

/** Most that a private file may have. */
const maxBytes = 65_536;

/**
 * Reads a file that only this user can read. `undefined`: there is none.
 *
 * @throws {CommandError} `file-exposed`, `file-unusable`
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  const file = await open(path, readAtOnce).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new CommandError("file-unusable", `The file ${path} cannot be read (${error.code}).`, {
      remedy: otherFile,
      cause: error,
    });
  });
  if (file === undefined) return undefined;
  try {
    const facts = await file.stat();
    const { uid, mode, size } = facts;
    if (size > maxBytes || !facts.isFile()) {
      throw new CommandError("file-unusable", `The file ${path} is too large, or no file.`, { remedy: otherFile });
    }
    const own = ownId();
    if (own !== undefined && (uid !== own || (mode & othersMayRead) !== 0)) {
      throw new CommandError("file-exposed", `The file ${path} can be read by other users.`, {
        remedy: uid === own ? `Run: chmod 600 ${path}` : otherFile,
      });
    }
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
