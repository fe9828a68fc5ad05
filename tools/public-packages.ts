import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";

export interface PublicPackage {
  /** Relative to the repository's root, e.g. `packages/core`. */
  readonly folder: string;
  readonly name: string;
  /** Command → built module: `{ azid: "./dist/main.js" }`. */
  readonly programs: Readonly<Record<string, string>>;
  /** Entry point → built module, relative to the folder: `{ "./plugin": "./dist/plugin.js" }`. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** The same for Workers, where it is another module. */
  readonly workers: Readonly<Record<string, string>>;
  /** The same for the CommonJS build; undefined: there is none. */
  readonly commonJs: Readonly<Record<string, string>> | undefined;
}

interface Conditions {
  readonly workerd?: { readonly default: string };
  readonly require: string;
  readonly default: string;
}
type Exports = string | Conditions;

/** The packages that users install, in order of their folders. */
export function publicPackages(root = "."): PublicPackage[] {
  return globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => ({ folder: dirname(path), manifest: JSON.parse(readFileSync(join(root, path), "utf8")) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => {
      const { "./package.json": _, ...exported } = manifest.exports as Record<string, Exports>;
      const entryPoints = Object.fromEntries(
        Object.entries(exported).map(([name, each]) => [name, typeof each === "string" ? each : each.default]),
      );
      const required = Object.entries(exported).flatMap(([name, each]) =>
        typeof each === "string" ? [] : [[name, each.require] as const],
      );
      const workers = Object.entries(exported).flatMap(([name, each]) =>
        typeof each === "string" || each.workerd === undefined ? [] : [[name, each.workerd.default] as const],
      );
      const isCommonJs = required.length > 0 && required.length === Object.keys(exported).length;
      return {
        folder,
        name: manifest.name,
        programs: manifest.bin ?? {},
        entryPoints,
        workers: Object.fromEntries(workers),
        commonJs: isCommonJs ? Object.fromEntries(required) : undefined,
      };
    });
}

export interface EntryPoint {
  /** What programs import: `@azidentity/core/plugin`. */
  readonly title: string;
  /** Its page in `api/`: `core.plugin.api.md`. */
  readonly file: string;
  /** Its built declarations, relative to the repository's root. */
  readonly declarations: string;
}

/** What users import, of all packages. */
export function publicEntryPoints(root = "."): EntryPoint[] {
  return publicPackages(root).flatMap(({ folder, name, entryPoints }) =>
    Object.entries(entryPoints).map(([entryPoint, module]) => ({
      title: posix.join(name, entryPoint),
      file: `${basename(folder)}.${entryPoint === "." ? "index" : basename(entryPoint)}.api.md`,
      declarations: posix.join(folder.replaceAll("\\", "/"), module.replace(/\.js$/, ".d.ts")),
    })),
  );
}
