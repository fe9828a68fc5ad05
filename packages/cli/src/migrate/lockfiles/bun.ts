import { asksOf, type LockedPackage, type Lockfile, type Manifest, splitId } from "./lockfile.ts";

interface BunManifest extends Manifest {
  readonly optionalPeers?: readonly string[];
}

interface BunLockfile {
  readonly workspaces?: Readonly<Record<string, BunManifest>>;
  /** `[id, ...]` with one object, the package.json, among the further members. */
  readonly packages?: Readonly<Record<string, readonly unknown[]>>;
}

/** Reads bun.lock, the text form. Source: https://bun.sh/docs/install/lockfile */
export function readBunLockfile(text: string): Lockfile {
  const { workspaces = {}, packages: entries = {} } = JSON.parse(withoutTrailingCommas(text)) as BunLockfile;
  const packages = new Map<string, LockedPackage>();
  for (const [path, entry] of Object.entries(entries)) {
    const { name, version } = splitId(String(entry[0]));
    if (version.startsWith("workspace:")) continue;
    const manifest = entry.slice(1).find((part) => typeof part === "object" && part !== null) ?? {};
    const asks = asksOf(withMeta(manifest), (asked) => resolve(entries, path, asked));
    packages.set(path, { id: path, name, version, folder: folderOf(path), asks });
  }
  const projects = Object.entries(workspaces).map(([folder, manifest]): LockedPackage => {
    const asks = asksOf(withMeta(manifest), (name) => resolve(entries, manifest.name ?? "", name));
    return { id: `workspace:${folder}`, name: manifest.name ?? ".", version: manifest.version, folder, asks };
  });
  return { manager: "bun", projects, packages };
}

/** Commas before a closing bracket, outside of strings. */
function withoutTrailingCommas(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string: string | undefined) => string ?? "");
}

function withMeta(manifest: BunManifest): Manifest {
  const meta = (manifest.optionalPeers ?? []).map((name) => [name, { optional: true }] as const);
  return { ...manifest, peerDependenciesMeta: Object.fromEntries(meta) };
}

/** A path has the names of packages, of which those with a scope have a slash themselves. */
function namesIn(path: string): readonly string[] {
  return path.match(/@[^/]+\/[^/]+|[^/]+/g) ?? [];
}

function resolve(entries: Readonly<Record<string, unknown>>, from: string, name: string): string | undefined {
  const names = namesIn(from);
  for (let length = names.length; length >= 0; length--) {
    const path = [...names.slice(0, length), name].join("/");
    if (Object.hasOwn(entries, path)) return path;
  }
  return undefined;
}

function folderOf(path: string): string {
  return namesIn(path)
    .map((name) => `node_modules/${name}`)
    .join("/");
}
