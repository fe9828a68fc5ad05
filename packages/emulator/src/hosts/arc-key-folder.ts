import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

export interface KeyOptions {
  /** Default: the directory of the keys. */
  readonly folder?: string;
  readonly extension?: string;
  /** In bytes. */
  readonly size?: number;
  /** What stands behind the key. */
  readonly end?: string;
}

/** The key files of Arc's agent: whoever can read one may have a token. */
export interface KeyFolder {
  readonly directory: string;
  /** Where no client should look for keys. */
  readonly elsewhere: string;
  newName(): string;
  /** The relative path from the directory of the keys. */
  pathFromDirectory(path: string): string;
  /** Writes a key that is good for one token, and tells its path. */
  write(options?: KeyOptions): Promise<string>;
  /** A link in the directory. */
  link(target: string): Promise<string>;
  makeDirectory(): Promise<string>;
  /** Whether it is a key, which it then is no longer. */
  redeem(key: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Creates the folder at `given`; default: a temporary directory. `close` removes what was created here, and leaves files of
 * other programs in place.
 */
export async function createKeyFolder(given: string | undefined): Promise<KeyFolder> {
  const root = await mkdtemp(join(tmpdir(), "azidentity-emulator-arc-"));
  const directory = given ?? join(root, "tokens");
  const elsewhere = join(root, "elsewhere");
  await mkdir(elsewhere);
  const firstCreated = await mkdir(directory, { recursive: true });
  const keys = createKeys(directory);
  return {
    directory,
    elsewhere,
    ...keys,
    pathFromDirectory: (path) => relative(directory, path),
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

/** The keys in `directory`, the links and folders beside them, and their removal. */
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

/** Another emulator may use the same directory: it goes with the last one. */
async function removeEmpty(from: string, upTo: string): Promise<void> {
  for (let path = from; path.startsWith(upTo); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}
