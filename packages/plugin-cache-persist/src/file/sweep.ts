import { open, readdir, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { claimedExpiry, headBytes } from "../seal/sealer.ts";

/** Milliseconds between two rounds in a folder, whoever makes them; how many files a round looks at; when a leftover is one. */
const round = { every: 3_600_000, files: 200, leftover: 600_000 };

/** Names of entries; everything else in the folder is a lock, a lease, or the leftover of a process that was killed. */
export const entryName = /^[0-9a-f]{64}$/;
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

/** Once an hour a few files are looked at, and those that have expired or were left behind go. So a folder does not grow for ever. */
export async function sweep(directory: string, now: number): Promise<void> {
  const { join } = process.getBuiltinModule("node:path");
  if (!(await isDue(join(directory, "swept"), now))) return;
  const names = (await readdir(directory)).filter((name) => entryName.test(name) || passing.test(name));
  const first = Math.floor(Math.random() * names.length);
  for (const name of [...names.slice(first), ...names.slice(0, first)].slice(0, round.files)) {
    const path = join(directory, name);
    try {
      const old = entryName.test(name)
        ? await hasExpired(path, now)
        : (await stat(path)).mtimeMs < now - round.leftover;
      if (old) await unlink(path);
    } catch {
      // somebody else was faster
    }
  }
}
