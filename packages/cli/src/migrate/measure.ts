import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LockedPackage, Lockfile } from "./lockfiles/lockfile.ts";

/** Files of one package that are counted at most. */
const maxFiles = 100_000;

/**
 * Bytes of the files of installed packages, without the packages inside of them; `undefined`: one
 * is not installed, or not where its package manager puts it by default.
 */
export function measure(root: string, { manager }: Lockfile, packages: readonly LockedPackage[]): number | undefined {
  const virtualStore = manager === "pnpm" ? listFolder(join(root, "node_modules/.pnpm")) : [];
  let total = 0;
  for (const one of packages) {
    const folder = one.folder ?? (manager === "pnpm" ? pnpmFolder(one, virtualStore) : `node_modules/${one.name}`);
    if (folder === undefined || versionIn(join(root, folder)) !== one.version) return undefined;
    total += bytesOf(join(root, folder));
  }
  return total;
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** pnpm's names of folders: `@scope+name@1.0.0`, then `_` and the peers. */
function pnpmFolder({ name, version }: LockedPackage, virtualStore: readonly string[]): string | undefined {
  const plain = `${name.replace("/", "+")}@${version}`;
  const found = virtualStore.find((entry) => entry === plain || entry.startsWith(`${plain}_`));
  return found === undefined ? undefined : `node_modules/.pnpm/${found}/node_modules/${name}`;
}

function versionIn(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

function bytesOf(top: string): number {
  let bytes = 0;
  let files = 0;
  const open = [top];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const name of listFolder(folder)) {
      const path = join(folder, name);
      const facts = lstatSync(path);
      if (facts.isDirectory()) {
        if (name !== "node_modules") open.push(path);
      } else if (files++ < maxFiles) bytes += facts.size;
    }
  }
  return bytes;
}
