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

/** More than any entry needs. */
const maxBytes = 8 * 1_048_576;

/** Why an existing file is not read; completes the sentence "it is …". */
export type Refusal = "a link" | "not a regular file" | "owned by another user" | "too large";

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/**
 * Whether a file or folder belongs to the current user; always true on Windows, where its access
 * control list decides.
 */
export function isOwn(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}

function refusalOf(file: number): Refusal | undefined {
  const stats = fstatSync(file);
  if (!stats.isFile()) return "not a regular file";
  if (!isOwn(stats.uid)) return "owned by another user";
  if (stats.size > maxBytes) return "too large";
  if ((stats.mode & 0o077) !== 0 && process.getuid !== undefined) fchmodSync(file, 0o600);
  return undefined;
}

/**
 * Reads a file of the current user, and removes access for others. `undefined`: it does not exist.
 * Does not follow links or wait for pipes.
 */
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

/** Retries on Windows, which refuses to replace a file while it is being read. */
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

/** Replaces a file atomically: readers see either the old contents or the new. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const suffix = process.getBuiltinModule("node:crypto").randomBytes(6).toString("hex");
  const temporary = `${path}.${suffix}.tmp`;
  try {
    writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600 });
    await replace(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
