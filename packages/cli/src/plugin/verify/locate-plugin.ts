import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CommandError } from "../../errors/command-error.ts";
import type { Manifest } from "./check-manifest.ts";

/** Where a plugin is. */
export interface PluginPlace {
  /** Full path of the module whose default export it is. */
  readonly entry: string;
  /** Full path of the package.json beside or above it; `undefined`: there is none. */
  readonly manifestFile: string | undefined;
  readonly manifest: Manifest;
}

const conditions = ["import", "node", "default", "module-sync", "module"];

/** What `import` finds under the exports of a package. */
function targetOf(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  const fields = exports as Readonly<Record<string, unknown>>;
  if (fields["."] !== undefined) return targetOf(fields["."]);
  return conditions.map((condition) => targetOf(fields[condition])).find((target) => target !== undefined);
}

function notFound(path: string, why: string, remedy: string): CommandError {
  return new CommandError("plugin-not-found", `There is no plugin at ${path}: ${why}.`, { remedy });
}

/** The package.json of a folder. */
function readManifest(file: string): Manifest {
  try {
    return Object(JSON.parse(readFileSync(file, "utf8"))) as Manifest;
  } catch (cause) {
    throw new CommandError("plugin-not-found", `${file} is not JSON.`, { remedy: "Correct it.", cause });
  }
}

function manifestAbove(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : manifestAbove(dirname(folder));
}

/** The module of a package: as its exports say, else its source where it has not been built. */
function entryOf(folder: string, { exports, main }: Manifest): string {
  const target = targetOf(exports) ?? (typeof main === "string" ? main : "index.js");
  const entry = resolve(folder, target);
  const source = join(folder, "src", "index.ts");
  const found = [entry, source].find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw notFound(folder, `${target} does not exist`, "Build it, such as with: npm run build");
}

/**
 * Finds a plugin by a path: its module, or the folder of its package.
 *
 * @throws {CommandError} `plugin-not-found`
 */
export function locatePlugin(path: string, workingDirectory: string): PluginPlace {
  const full = resolve(workingDirectory, path);
  const found = statSync(full, { throwIfNoEntry: false });
  if (found === undefined) throw notFound(full, "it does not exist", "Name its folder, or its module.");
  const manifestFile = manifestAbove(found.isDirectory() ? full : dirname(full));
  const manifest = manifestFile === undefined ? {} : readManifest(manifestFile);
  if (!found.isDirectory()) return { entry: full, manifestFile, manifest };
  if (manifestFile === undefined || dirname(manifestFile) !== full)
    throw notFound(full, "the folder has no package.json", "Name its module, such as src/index.ts.");
  return { entry: entryOf(full, manifest), manifestFile, manifest };
}
