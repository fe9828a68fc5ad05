import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

export interface KeyOptions {
  /** Default: the key directory. */
  readonly folder?: string;
  readonly extension?: string;
  /** Size in bytes. Default: 64. */
  readonly size?: number;
  /** Text after the key. Default: none. */
  readonly end?: string;
}

/** The key files of Arc's agent. The key in a file is valid for one token. */
export interface KeyFolder {
  readonly directory: string;
  /** A directory that clients must not read keys from. */
  readonly elsewhere: string;
  newName(): string;
  /** The path relative to the key directory. */
  pathFromDirectory(path: string): string;
  /** Writes a key file and returns its path. */
  write(options?: KeyOptions): Promise<string>;
  /** Creates a symbolic link in the key directory. */
  link(target: string): Promise<string>;
  makeDirectory(): Promise<string>;
  /** Whether the key is valid; invalidates it. */
  redeem(key: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Creates the key directory at `path`; default: a temporary directory. `close` removes only what
 * was created here.
 */
export async function createKeyFolder(path: string | undefined): Promise<KeyFolder> {
  const root = await mkdtemp(join(tmpdir(), "azidentity-emulator-arc-"));
  const directory = path ?? join(root, "tokens");
  const elsewhere = join(root, "elsewhere");
  await mkdir(elsewhere);
  const firstCreated = await mkdir(directory, { recursive: true });
  const keys = createKeys(directory);
  return {
    directory,
    elsewhere,
    ...keys,
    pathFromDirectory: (target) => relative(directory, target),
    async close() {
      await keys.removeAll();
      if (firstCreated !== undefined) await removeEmpty(directory, firstCreated);
      await rm(root, { recursive: true, force: true });
    },
  };
}

function newName(extension = ".key"): string {
  return `${randomUUID()}${extension}`;
}

/** The key files, links and directories in `directory`. */
function createKeys(directory: string) {
  const keys = new Map<string, string>();
  const created: string[] = [];
  const newPath = (folder: string, extension?: string) => {
    const path = join(folder, newName(extension));
    created.push(path);
    return path;
  };
  return {
    newName: () => newName(),
    async write({ folder = directory, extension, size = 64, end = "" }: KeyOptions = {}) {
      const key = randomBytes(Math.ceil(size / 2))
        .toString("hex")
        .slice(0, size);
      const path = newPath(folder, extension);
      await writeFile(path, `${key}${end}`, { mode: 0o640 });
      keys.set(key, path);
      return path;
    },
    async link(target: string) {
      const path = newPath(directory);
      await symlink(target, path);
      return path;
    },
    async makeDirectory() {
      const path = newPath(directory);
      await mkdir(path);
      return path;
    },
    async redeem(key: string) {
      const path = keys.get(key);
      if (path === undefined) return false;
      keys.delete(key);
      await rm(path, { force: true });
      return true;
    },
    removeAll: () => Promise.all(created.map((path) => rm(path, { recursive: true, force: true }))),
  };
}

/** Removes empty directories: another emulator may still use them. */
async function removeEmpty(from: string, upTo: string): Promise<void> {
  for (let path = from; path.startsWith(upTo); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}
