import { type FileFacts, systemFacts } from "../util/file-facts.ts";
import { entryFault } from "../util/path-fault.ts";
import { findConfigFile, isScopeMarker } from "./find.ts";

/** The program that this process runs: it decides where the config is searched for. */
export interface Program {
  /** The folder whose config is read. */
  readonly folder: string;
  /**
   * The program's own file, without links. `undefined`: there is none, and the folder is the
   * working directory.
   */
  readonly script: string | undefined;
}

const fs = () => process.getBuiltinModule("node:fs");
const paths = () => process.getBuiltinModule("node:path");

type Versions = Readonly<Record<string, string | undefined>>;

type StartedProcess = Pick<NodeJS.Process, "argv" | "execArgv"> & {
  readonly versions: Versions;
  readonly defaultApp?: boolean;
  readonly resourcesPath?: string;
};

const workerLocation = () => (globalThis as { readonly location?: { readonly href: string } }).location?.href;

const moduleFile = (url = ""): string | undefined =>
  url.startsWith("file:") ? process.getBuiltinModule("node:url").fileURLToPath(url) : undefined;

/**
 * The file of the program; `undefined`: there is none, and `argv[1]` is an input of the user (a
 * document to open, an argument of `node -e`).
 */
export function entryScript(started: StartedProcess, ownModule = workerLocation()): string | undefined {
  const { argv, execArgv, versions, defaultApp, resourcesPath } = started;
  if (versions.electron !== undefined && defaultApp !== true) {
    const { join } = process.getBuiltinModule("node:path");
    const { existsSync } = process.getBuiltinModule("node:fs");
    const apps = ["app.asar", "app"].map((name) => join(resourcesPath ?? "", name));
    return resourcesPath === undefined ? undefined : apps.find((app) => existsSync(app));
  }
  // a Worker of Deno, which knows its own module alone, or a module that is no file
  if (versions.deno !== undefined && argv[1]?.endsWith("$deno$node.mjs")) return moduleFile(ownModule);
  return execArgv.some((flag) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(flag)) ? undefined : argv[1];
}

/** The folder around the outermost node_modules that a path goes through. */
function holderOf(path: string): string | undefined {
  const { sep } = paths();
  const parts = path.split(sep);
  const inside = parts.indexOf("node_modules");
  return inside > 0 ? parts.slice(0, inside).join(sep) || sep : undefined;
}

/**
 * Whether other accounts may write the program itself, so that its config needs no more protection.
 */
export function isOpen({ script }: Program, facts: FileFacts): boolean {
  const entry = script === undefined ? undefined : facts.entry(script);
  return entry !== undefined && (entry.mode & 0o002) !== 0 && !facts.isReadOnly(script as string);
}

/**
 * Folders to search, from `start` upwards, and the one that must not be searched, if there is one.
 */
export interface UpwardFolders {
  readonly folders: readonly string[];
  readonly refused: string | undefined;
}

/**
 * The folders end after the home folder, after the root of a mount, and before the first folder
 * that accounts other than the user, root and the owner of `start` may write: its files may be
 * those of another account. If others may write the program, too, such folders are included:
 * network shares are mounted with mode 0777 throughout.
 */
export function walkUpwards(start: string, script: string | undefined, facts: FileFacts): UpwardFolders {
  const { dirname } = paths();
  const own = facts.entry(facts.realPath(start));
  const owners = script === undefined || own === undefined ? [] : [own.uid];
  const open = isOpen({ folder: start, script }, facts);
  const home = facts.home === undefined ? [] : [facts.home, facts.realPath(facts.home)];
  const mayEnter = (folder: string): boolean => {
    const entry = facts.user === undefined ? undefined : facts.entry(facts.realPath(folder));
    if (entry === undefined) return true;
    if (own !== undefined && entry.dev !== own.dev) return false;
    const fault = entryFault(folder, entry, { owners, groups: [entry.gid], searched: folder }, facts);
    return fault === undefined || (open && fault.kind === "writable" && (entry.mode & 0o1000) === 0);
  };
  const folders = [start];
  for (let folder = start; ; ) {
    const above = dirname(folder);
    if (above === folder) return { folders, refused: undefined };
    if (home.includes(folder) || !mayEnter(above)) return { folders, refused: above };
    folders.push(above);
    folder = above;
  }
}

/** Files that make a folder a project, besides package.json. */
const ownManifests = ({ deno }: Versions) => (deno === undefined ? [] : ["deno.json", "deno.jsonc"]);

/**
 * The nearest package at or above `start`. One that only marks the kind of the modules below does
 * not count, unless it has a config.
 */
function nearestPackage(
  start: string,
  script: string,
  facts: FileFacts,
  others: readonly string[],
): string | undefined {
  let marker: string | undefined;
  for (const folder of walkUpwards(start, script, facts).folders) {
    if (others.some((name) => fs().existsSync(paths().join(folder, name)))) return folder;
    const manifest = paths().join(folder, "package.json");
    if (!fs().existsSync(manifest)) continue;
    if (!isScopeMarker(manifest) || findConfigFile(folder) !== undefined) return folder;
    marker ??= folder;
  }
  return marker;
}

/** The file that Node runs for an entry, without links; `undefined` when the entry is no file. */
function scriptFile(entryScript: string): string | undefined {
  try {
    // Node accepts a folder, or a file without its extension
    return process.getBuiltinModule("node:module").createRequire(entryScript).resolve(entryScript);
  } catch {
    // with a package.json that cannot be parsed `resolve` fails, although Node runs some files
    const isFile = fs().statSync(entryScript, { throwIfNoEntry: false })?.isFile() === true;
    return isFile ? fs().realpathSync(entryScript) : undefined;
  }
}

/**
 * The program, with the folder of the project that owns it, so that a tool started in another
 * account's checkout does not run that checkout's config. For a program inside node_modules that is
 * the project around it, by the path with which it was started: package managers link it there from
 * a store. Without an entry script (a REPL, `node -e`): the working directory.
 */
export function findProgram(
  entryScript: string | undefined,
  workingDirectory: string,
  facts: FileFacts = systemFacts(),
  versions: Versions = process.versions,
): Program {
  if (entryScript === undefined) return { folder: workingDirectory, script: undefined };
  const script = scriptFile(entryScript);
  if (script === undefined) return { folder: workingDirectory, script };
  const folder = holderOf(paths().normalize(entryScript)) ?? holderOf(script) ?? paths().dirname(script);
  return { folder: nearestPackage(folder, script, facts, ownManifests(versions)) ?? folder, script };
}
