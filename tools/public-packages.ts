import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface PublicPackage {
  /** Relative to the repository's root, e.g. `packages/core`. */
  readonly folder: string;
  readonly name: string;
  /** Entry point → built module, relative to the folder: `{ "./plugin": "./dist/plugin.js" }`. */
  readonly entryPoints: Readonly<Record<string, string>>;
}

/** The packages that users install, in order of their folders. */
export function publicPackages(root = "."): PublicPackage[] {
  return globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => ({ folder: dirname(path), manifest: JSON.parse(readFileSync(join(root, path), "utf8")) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => {
      const { "./package.json": _, ...entryPoints } = manifest.exports;
      return { folder, name: manifest.name, entryPoints };
    });
}
