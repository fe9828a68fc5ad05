/** Whether a plugin is named by the path of its file, not as a package. */
export const isPath = (name: string): boolean =>
  name.startsWith(".") || process.getBuiltinModule("node:path").isAbsolute(name);

/** Whether a folder or file exists. Throws where the runtime does not permit to look. */
export type Exists = (path: string) => boolean;

const existsHere: Exists = (path) => process.getBuiltinModule("node:fs").existsSync(path);

type Manifest = { exports?: unknown };

const conditions = ["node", "import", "module-sync", "default"];

/** The path to which these exports resolve an `import`. */
function importTarget(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (Array.isArray(exports)) return exports.map(importTarget).find((path) => path !== undefined);
  const met = Object.entries(Object(exports)).filter(([condition]) => conditions.includes(condition));
  return met.map(([, target]) => importTarget(target)).find((path) => path !== undefined);
}

/** The package of a name, and the entry point in it: `.`, or `./store` of `@scope/pack/store`. */
function splitName(name: string): { pack: string; entryPoint: string } {
  const [pack = name] = /^(@[^/]+\/)?[^/]+/.exec(name) ?? [];
  return { pack, entryPoint: `.${name.slice(pack.length)}` };
}

/** The file that `import` resolves for a package whose exports have none for `require.resolve`. */
function importEntry(name: string, holder: string): string | undefined {
  const { join, dirname } = process.getBuiltinModule("node:path");
  const { realpathSync, readFileSync } = process.getBuiltinModule("node:fs");
  const { pack, entryPoint } = splitName(name);
  try {
    const manifest = realpathSync(join(holder, pack, "package.json"));
    const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
    const entry = importTarget(Object(exports)[entryPoint] ?? (entryPoint === "." ? exports : undefined));
    return entry === undefined ? undefined : join(dirname(manifest), entry);
  } catch {
    return undefined; // it has no manifest, or a broken one
  }
}

/**
 * Absolute path of a module, resolved from `folder`; `undefined` when it is not installed there.
 */
export function locateModule(name: string, folder: string, exists?: Exists): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { join } = process.getBuiltinModule("node:path");
  const holder = isPath(name) ? undefined : holderOf(name, folder, exists);
  if (holder === undefined && !isPath(name)) return undefined;
  try {
    return createRequire(join(folder, "noop.js")).resolve(name);
  } catch (error) {
    const isForImport = (error as NodeJS.ErrnoException).code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
    return isForImport && holder !== undefined ? importEntry(name, holder) : undefined;
  }
}

/**
 * The node_modules at or above `folder` in which a package is found, before links are followed.
 * Others, of NODE_PATH or of a home folder, do not count.
 */
export function holderOf(name: string, folder: string, exists: Exists = existsHere): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { join, basename, dirname, relative } = process.getBuiltinModule("node:path");
  const { pack } = splitName(name);
  const candidates = createRequire(join(folder, "noop.js")).resolve.paths(pack) ?? [];
  const isAbove = (path: string) =>
    basename(path) === "node_modules" && /^(?!\.\.)/.test(relative(dirname(path), folder));
  return candidates.find((path) => isAbove(path) && exists(join(path, pack)));
}
