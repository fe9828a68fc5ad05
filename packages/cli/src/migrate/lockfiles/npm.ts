import { posix } from "node:path";
import { asksOf, type LockedPackage, type Lockfile, type Manifest, UnreadableLockfile } from "./lockfile.ts";

/** An entry of `packages`: a package.json, and where it came from. */
interface Entry extends Manifest {
  /** A link to a project of the workspace, whose path is `resolved`. */
  readonly link?: boolean;
  readonly resolved?: string;
}

type Entries = Readonly<Record<string, Entry>>;

/**
 * Reads package-lock.json and npm-shrinkwrap.json, versions 2 and 3.
 * Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
 */
export function readNpmLockfile(text: string): Lockfile {
  const { packages: entries } = JSON.parse(text) as { readonly packages?: Entries };
  if (entries === undefined)
    throw new UnreadableLockfile("It has lockfileVersion 1; `npm install` of npm 7 or later writes a newer one.");
  const packages = new Map<string, LockedPackage>();
  const projects: LockedPackage[] = [];
  for (const [path, entry] of Object.entries(entries)) {
    if (entry.link === true) continue;
    const isProject = !path.includes("node_modules/");
    const one: LockedPackage = {
      id: path,
      name: entry.name ?? nameIn(path),
      version: entry.version,
      folder: path,
      asks: asksOf(entry, (name) => resolve(entries, path, name)),
    };
    if (isProject) projects.push(one);
    else packages.set(path, one);
  }
  return { manager: "npm", projects, packages };
}

/**
 * What follows the last node_modules; of a project, whose lockfile leaves such a name out, its
 * folder.
 */
function nameIn(path: string): string {
  const modules = path.lastIndexOf("node_modules/");
  return modules === -1 ? posix.basename(path) : path.slice(modules + "node_modules/".length);
}

/** Looks where Node.js looks: in the node_modules of the folder, and of each one above it. */
function resolve(entries: Entries, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = entries[path];
    if (entry !== undefined) return entry.link === true ? entry.resolved : path;
    if (folder === "") return undefined;
  }
}

/** The folder that has the node_modules in which the folder is, or the folder above. */
function parentOf(folder: string): string {
  const modules = folder.lastIndexOf("/node_modules/");
  if (modules !== -1) return folder.slice(0, modules);
  if (folder.startsWith("node_modules/")) return "";
  const slash = folder.lastIndexOf("/");
  return slash === -1 ? "" : folder.slice(0, slash);
}
