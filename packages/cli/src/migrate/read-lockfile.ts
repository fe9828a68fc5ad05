import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readBunLockfile } from "./lockfiles/bun.ts";
import { type Lockfile, type Manifest, UnreadableLockfile } from "./lockfiles/lockfile.ts";
import { readNpmLockfile } from "./lockfiles/npm.ts";
import { readPnpmLockfile } from "./lockfiles/pnpm.ts";
import { readYarnLockfile } from "./lockfiles/yarn.ts";
import { readYarn1Lockfile } from "./lockfiles/yarn-1.ts";

/** A lockfile, and where it is. */
export interface FoundLockfile {
  readonly path: string;
  readonly lockfile: Lockfile;
}

type Read = (text: string, manifest: Manifest) => Lockfile;

/** Names of lockfiles, in the order in which they are looked for. */
const readers: Readonly<Record<string, Read>> = {
  "pnpm-lock.yaml": readPnpmLockfile,
  "bun.lock": readBunLockfile,
  "yarn.lock": (text, manifest) =>
    /^# yarn lockfile v1$/m.test(text) ? readYarn1Lockfile(text, manifest) : readYarnLockfile(text, manifest),
  "npm-shrinkwrap.json": readNpmLockfile,
  "package-lock.json": readNpmLockfile,
};

export const lockfileNames: readonly string[] = Object.keys(readers);

/** Bytes; the lockfiles of the largest monorepos have about 10 MB. */
const maxLockfileBytes = 100_000_000;

async function readText(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    const { size } = found;
    if (!found.isFile()) throw new UnreadableLockfile("It is no file.");
    if (size > maxLockfileBytes) throw new UnreadableLockfile(`It has more than ${maxLockfileBytes} bytes.`);
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * The lockfile of a folder, or of one above it: that of a workspace is at its top.
 *
 * @throws {UnreadableLockfile} it cannot be read; `cause` has its path
 */
export async function findLockfile(folder: string): Promise<FoundLockfile | undefined> {
  for (const [name, read] of Object.entries(readers)) {
    const path = join(folder, name);
    try {
      const text = await readText(path);
      if (text !== undefined) return { path, lockfile: read(text, await readManifest(folder)) };
    } catch (error) {
      const reason =
        error instanceof UnreadableLockfile
          ? error.message
          : `It is damaged, or cannot be read (${(error as Error).message}).`;
      throw new UnreadableLockfile(reason, { cause: path });
    }
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : findLockfile(parent);
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readText(join(folder, "package.json"));
  return text === undefined ? {} : (JSON.parse(text) as Manifest);
}
