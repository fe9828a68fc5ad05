/** A file, folder or link, without following it. */
export interface FileEntry {
  /** Number of the user who owns it. */
  readonly uid: number;
  /** Number of its group. */
  readonly gid: number;
  /** Type and permission bits, as `lstat` gives them. */
  readonly mode: number;
  /** Number of the device: differs between two mounts of different file systems. */
  readonly dev: number;
  /** Where a link leads; `undefined` for anything else. */
  readonly target: string | undefined;
}

/** What a check of paths reads from the process and the file system. */
export interface FileFacts {
  /**
   * Effective user of this process; `undefined` where owners are not numbers (Windows), and no path
   * is checked.
   */
  readonly user: number | undefined;
  /** Effective group of this process; `undefined` where groups are not numbers. */
  readonly group: number | undefined;
  /** The user's home folder, if there is one. */
  readonly home: string | undefined;
  /** `undefined` for what does not exist or cannot be read. */
  entry(path: string): FileEntry | undefined;
  /** The path without links; the path itself where it cannot be resolved. */
  realPath(path: string): string;
  /** Whether a path is on a mount that is read-only for every account. */
  isReadOnly(path: string): boolean;
}

function orElse<T, D>(fallback: D, read: () => T): T | D {
  try {
    return read();
  } catch {
    return fallback;
  }
}

/** The facts of the machine that this process runs on. */
export function systemFacts(): FileFacts {
  const fs = () => process.getBuiltinModule("node:fs");
  return {
    user: process.geteuid?.() ?? process.getuid?.(),
    group: process.getegid?.() ?? process.getgid?.(),
    get home() {
      return orElse(undefined, () => process.getBuiltinModule("node:os").homedir() || undefined);
    },
    entry: (path) =>
      orElse(undefined, () => {
        const stats = fs().lstatSync(path);
        const { uid, gid, mode, dev } = stats;
        return { uid, gid, mode, dev, target: stats.isSymbolicLink() ? fs().readlinkSync(path) : undefined };
      }),
    realPath: (path) => orElse(path, () => fs().realpathSync(path)),
    isReadOnly(path) {
      try {
        fs().accessSync(path, fs().constants.W_OK);
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EROFS";
      }
    },
  };
}
