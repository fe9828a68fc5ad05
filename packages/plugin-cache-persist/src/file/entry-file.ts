import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";

/** More than any partition of a user's tokens; a longer file is none of ours. */
const maxBytes = 8 * 1_048_576;

/** Why a file is not read although it is there. */
export type Refusal = "a link" | "no file" | "another user's" | "too large";

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** Whether a file or folder is owned by who runs this; where owners are not numbers the folder's own rights are all there is. */
export function isOwn(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}

function refusalOf(file: number): Refusal | undefined {
  const stats = fstatSync(file);
  if (!stats.isFile()) return "no file";
  if (!isOwn(stats.uid)) return "another user's";
  if (stats.size > maxBytes) return "too large";
  if ((stats.mode & 0o077) !== 0 && process.getuid !== undefined) fchmodSync(file, 0o600);
  return undefined;
}

/** The bytes of a file of our own, tightened to be ours alone; `undefined` where there is none. Never follows a link, never waits for a pipe. */
export function readOwnFile(path: string): Uint8Array | Refusal | undefined {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP") return "a link";
    throw error;
  }
  try {
    return refusalOf(file) ?? readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Windows refuses to replace a file that somebody reads at that moment. */
async function replace(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return renameSync(from, to);
    } catch (error) {
      const inUse = process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(codeOf(error) ?? "");
      if (!inUse || tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * tries));
    }
  }
}

/** Writes beside and renames over: readers see the old file or the new one, whole. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const suffix = process.getBuiltinModule("node:crypto").randomBytes(6).toString("hex");
  const beside = `${path}.${suffix}.tmp`;
  try {
    writeFileSync(beside, bytes, { flag: "wx", mode: 0o600 });
    await replace(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
