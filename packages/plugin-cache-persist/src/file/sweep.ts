import { open, readdir, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { claimedExpiry, headBytes } from "../seal/sealer.ts";

/**
 * Milliseconds between two rounds in a folder, whoever makes them; how many files it looks at; how many of those are old where more
 * of the rest are; when a leftover is one, and when an entry of another key that was put aside: as long as a refresh token lives that is not used.
 */
export const round = { every: 3_600_000, files: 200, many: 50, leftover: 600_000, aside: 90 * 86_400_000 };

/**
 * Names of entries, with the name of its key for one that was put aside; everything else in the folder is a lock, a lease, or the leftover of
 * a process that was killed.
 */
export const entryName = /^[0-9a-f]{64}(?:\.[0-9a-f]{16})?$/;
const asideName = /\.[0-9a-f]{16}$/;
const passing = /\.(?:tmp|lock|lease)(?:\.|$)/;

async function isDue(marker: string, now: number): Promise<boolean> {
  const last = await stat(marker).catch(() => undefined);
  if (last !== undefined && Math.abs(now - last.mtimeMs) < round.every) return false;
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

/** Removes those that are old, and counts them. */
async function removeOld(directory: string, names: readonly string[], now: number): Promise<number> {
  const { join } = process.getBuiltinModule("node:path");
  let removed = 0;
  for (const name of names) {
    const path = join(directory, name);
    try {
      const isOlder = async (ms: number) => (await stat(path)).mtimeMs < now - ms;
      const old = entryName.test(name)
        ? (await hasExpired(path, now)) || (asideName.test(name) && (await isOlder(round.aside)))
        : await isOlder(round.leftover);
      if (!old) continue;
      await unlink(path);
      removed++;
    } catch {
      // somebody else was faster
    }
  }
  return removed;
}

/**
 * Once an hour a few files are looked at, and those that have expired or were left behind go; where many of them have, the round goes on until
 * `isClosed`. So a folder does not grow for ever.
 */
export async function sweep(directory: string, now: number, isClosed: () => boolean): Promise<void> {
  const { join } = process.getBuiltinModule("node:path");
  if (!(await isDue(join(directory, "swept"), now))) return;
  const names = (await readdir(directory)).filter((name) => entryName.test(name) || passing.test(name));
  const first = Math.floor(Math.random() * names.length);
  const rotated = [...names.slice(first), ...names.slice(0, first)];
  for (let from = 0; from < rotated.length; from += round.files) {
    const removed = await removeOld(directory, rotated.slice(from, from + round.files), now);
    if (removed < round.many || isClosed()) return;
  }
}
