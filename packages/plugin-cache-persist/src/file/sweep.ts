import { open, readdir, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { claimedExpiry, headBytes } from "../seal/sealer.ts";

/** Time between two sweeps of a folder by any process. */
export const sweepIntervalMs = 3_600_000;
const filesPerBatch = 200;
/** A sweep goes on to the next batch if it removed at least this many files of one. */
const minRemovedToContinue = 50;
/** Age at which a temporary file, a lock or a lease is a leftover of a process that was killed. */
const maxLeftoverMs = 600_000;
/** Age at which a moved entry is removed: the lifetime of a refresh token that is not used. */
const maxMovedMs = 90 * 86_400_000;

/** File names of entries; a moved one has the name of its key as a suffix. */
export const entryName = /^[0-9a-f]{64}(?:\.[0-9a-f]{16})?$/;
const movedName = /\.[0-9a-f]{16}$/;
const temporaryName = /\.(?:tmp|lock|lease)(?:\.|$)/;

async function isDue(marker: string, now: number): Promise<boolean> {
  const last = await stat(marker).catch(() => undefined);
  if (last !== undefined && Math.abs(now - last.mtimeMs) < sweepIntervalMs) return false;
  if (last === undefined) await writeFile(marker, "", { mode: 0o600 });
  else await utimes(marker, now / 1000, now / 1000);
  return true;
}

async function hasExpired(path: string, now: number): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const expiry = claimedExpiry(buffer.subarray(0, bytesRead));
    return expiry !== undefined && expiry <= now;
  } finally {
    await file.close();
  }
}

/** Removes expired entries and leftovers among the files; returns how many. */
async function removeOld(directory: string, names: readonly string[], now: number): Promise<number> {
  const { join } = process.getBuiltinModule("node:path");
  let removed = 0;
  for (const name of names) {
    const path = join(directory, name);
    try {
      const isOlder = async (ms: number) => (await stat(path)).mtimeMs < now - ms;
      const isOld = entryName.test(name)
        ? (await hasExpired(path, now)) || (movedName.test(name) && (await isOlder(maxMovedMs)))
        : await isOlder(maxLeftoverMs);
      if (!isOld) continue;
      await unlink(path);
      removed++;
    } catch {
      // another process has removed it
    }
  }
  return removed;
}

/**
 * Keeps a folder from growing forever: once an hour, checks one batch of its files and removes
 * expired entries and leftovers. Goes on to further batches while many files are removed, until
 * `isClosed`.
 */
export async function sweep(directory: string, now: number, isClosed: () => boolean): Promise<void> {
  const { join } = process.getBuiltinModule("node:path");
  if (!(await isDue(join(directory, "swept"), now))) return;
  const names = (await readdir(directory)).filter((name) => entryName.test(name) || temporaryName.test(name));
  const first = Math.floor(Math.random() * names.length);
  const rotated = [...names.slice(first), ...names.slice(0, first)];
  for (let from = 0; from < rotated.length; from += filesPerBatch) {
    const removed = await removeOld(directory, rotated.slice(from, from + filesPerBatch), now);
    if (removed < minRemovedToContinue || isClosed()) return;
  }
}
