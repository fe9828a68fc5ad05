import { type FileEntry, type FileFacts, systemFacts } from "./file-facts.ts";

/** Accounts that may change a path besides root and the process's own user and group. */
export interface PathTrust {
  /** Numbers of the other users. Default: none. */
  readonly owners?: readonly number[];
  /** Numbers of the other groups. Default: none. */
  readonly groups?: readonly number[];
  /** Folders whose parents are not checked. The home folder is always one of them. */
  readonly within?: readonly string[];
  /**
   * A folder that is searched by name. Its sticky bit does not protect it: an added file may be the
   * one that is found.
   */
  readonly searched?: string;
  /**
   * The device that the program is on. What is on another device that is mounted read-only is not
   * checked: the account that mounted it chose its content, and its modes mean nothing (Kubernetes
   * mounts a ConfigMap with mode 0777). Default: everything is checked.
   */
  readonly device?: number;
}

/**
 * A file, folder or link on the way to a path that an untrusted account may change: the first that
 * another account owns, else the first that others may write.
 */
export interface PathFault {
  /** `owner`: another account owns it. `writable`: its mode lets others write it. */
  readonly kind: "owner" | "writable";
  /** The entry at fault: the path itself, or a folder or link on the way to it. */
  readonly path: string;
  /** What the entry is. */
  readonly type: "file" | "folder" | "link";
  /** Number of the user who owns the entry. */
  readonly uid: number;
  /** The argument for `chmod`: `o-w`, `g-w` or `go-w`; `undefined` when the owner is the fault. */
  readonly chmod: string | undefined;
}

const typeBits = 0o170000;
const folderType = 0o040000;
const stickyBit = 0o1000;
const groupWrites = 0o020;
const othersWrite = 0o002;

/** The number of links that Linux follows. */
const maxLinks = 40;

function typeOf({ mode, target }: FileEntry): PathFault["type"] {
  if (target !== undefined) return "link";
  return (mode & typeBits) === folderType ? "folder" : "file";
}

/**
 * A group is trusted when it is root's, the process's own, or the private group of the owner:
 * common distributions create one for each user with the number of the user.
 */
function chmodFor({ mode, uid, gid }: FileEntry, trust: PathTrust, facts: FileFacts): string | undefined {
  const trusted = gid === 0 || gid === facts.group || gid === uid || trust.groups?.includes(gid);
  const letters = `${(mode & groupWrites) !== 0 && !trusted ? "g" : ""}${(mode & othersWrite) !== 0 ? "o" : ""}`;
  return letters === "" ? undefined : `${letters}-w`;
}

/** The fault of one entry, regardless of the folders above it. */
export function entryFault(path: string, entry: FileEntry, trust: PathTrust, facts: FileFacts): PathFault | undefined {
  const { uid, mode } = entry;
  const type = typeOf(entry);
  if (uid !== 0 && uid !== facts.user && !trust.owners?.includes(uid))
    return { kind: "owner", path, type, uid, chmod: undefined };
  // the mode of a link means nothing, and in a sticky folder an entry can be replaced by its owner
  // alone
  const isSafe = type === "link" || (type === "folder" && (mode & stickyBit) !== 0 && path !== trust.searched);
  const chmod = isSafe ? undefined : chmodFor(entry, trust, facts);
  return chmod === undefined ? undefined : { kind: "writable", path, type, uid, chmod };
}

/**
 * Every entry that decides what a path leads to, from the root on: folders, links, the targets of
 * links, and the end of the path.
 */
function* entriesOnTheWay(path: string, facts: FileFacts): Generator<readonly [path: string, entry: FileEntry]> {
  const { join, resolve } = process.getBuiltinModule("node:path").posix;
  const partsOf = (full: string) => full.split("/").filter((part) => part !== "");
  let rest = partsOf(resolve(path));
  let folder = "/";
  for (let links = 0; rest.length > 0 && links <= maxLinks; ) {
    const at = join(folder, rest[0] as string);
    rest = rest.slice(1);
    const entry = facts.entry(at);
    if (entry === undefined) return;
    yield [at, entry];
    if (entry.target === undefined) folder = at;
    else {
      links++;
      rest = [...partsOf(resolve(folder, entry.target)), ...rest];
      folder = "/";
    }
  }
}

/**
 * Checks everything that decides what a path leads to: the file or folder itself, every link on the
 * way, the folders that contain them, and the same for the targets of the links. A fault of an
 * owner takes precedence over one of a mode, which may be only a warning. What does not exist yet
 * has no fault. The root of the file system is not checked: an account that may change it may
 * change everything.
 */
export function findPathFault(
  path: string,
  trust: PathTrust = {},
  facts: FileFacts = systemFacts(),
): PathFault | undefined {
  if (facts.user === undefined) return undefined;
  const { dirname } = process.getBuiltinModule("node:path").posix;
  const home = facts.home === undefined ? [] : [facts.home, facts.realPath(facts.home)];
  const within = [...(trust.within ?? []), ...home];
  let writable: PathFault | undefined;
  for (const [at, entry] of entriesOnTheWay(path, facts)) {
    if (within.some((folder) => folder.startsWith(`${at}/`))) continue;
    const fault = entryFault(at, entry, trust, facts);
    if (fault === undefined) continue;
    const elsewhere = trust.device !== undefined && entry.dev !== trust.device;
    if (elsewhere && facts.isReadOnly(entry.target === undefined ? at : dirname(at))) continue;
    if (fault.kind === "owner") return fault;
    writable ??= fault;
  }
  return writable;
}
