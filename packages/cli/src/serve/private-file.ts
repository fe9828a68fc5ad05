/** Files and folders that no other account of the machine can read. */
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandError } from "../errors/command-error.ts";

const othersMayRead = 0o077;

/**
 * Windows has no such modes; there, files in the folder of a user are that user's. `undefined`: this
 * system does not tell.
 */
function ownId(): number | undefined {
  return process.getuid?.();
}

/** @throws {CommandError} `folder-exposed`: the folder is another user's, or others may enter it */
export async function requirePrivateFolder(path: string): Promise<void> {
  const own = ownId();
  if (own === undefined) return;
  const { uid, mode } = await stat(path);
  if (uid === own && (mode & othersMayRead) === 0) return;
  const [problem, remedy] =
    uid === own
      ? ["can be entered by other users", `Run: chmod 700 ${path}`]
      : ["is another user's", "Choose another."];
  throw new CommandError("folder-exposed", `The folder ${path} ${problem}.`, { remedy });
}

/**
 * Writes a file of mode 0600 into a folder of mode 0700, whole or not at all. The folder is created
 * where it is missing.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await requirePrivateFolder(dirname(path));
  const unfinished = `${path}.${process.pid}`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, "wx", 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

/** Most that a private file may have. */
const maxBytes = 65_536;

/**
 * Reads a file that only this user can read. `undefined`: there is none.
 *
 * @throws {CommandError} `file-exposed`, `file-unusable`
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new CommandError("file-unusable", `The file ${path} cannot be read (${error.code}).`, { cause: error });
  });
  if (file === undefined) return undefined;
  try {
    const { uid, mode, size } = await file.stat();
    const own = ownId();
    if (own !== undefined && (uid !== own || (mode & othersMayRead) !== 0)) {
      throw new CommandError("file-exposed", `The file ${path} can be read by other users.`, {
        remedy: uid === own ? `Run: chmod 600 ${path}` : "Choose a file of your own.",
      });
    }
    if (size > maxBytes) throw new CommandError("file-unusable", `The file ${path} is too large.`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
