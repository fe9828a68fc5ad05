import type { IdentityPlugin } from "../contract/services.ts";
import { deniedPermission } from "../errors/denied-permission.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isError } from "../util/is-error.ts";
import { singleExecutable } from "../util/single-executable.ts";
import { didYouMean } from "../util/suggest.ts";
import { checkPlugin } from "./check.ts";

/**
 * Loaded, if installed, when a config names no plugins; a fixed list, never a scan of node_modules.
 */
export const officialPlugins: readonly string[] = [
  "@azidentity/plugin-entra",
  "@azidentity/plugin-users",
  "@azidentity/plugin-managed-identity",
  "@azidentity/plugin-dev-tools",
  "@azidentity/plugin-broker",
  "@azidentity/plugin-external",
  "@azidentity/plugin-cache-persist",
];

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
function locate(name: string, folder: string): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { join } = process.getBuiltinModule("node:path");
  const holder = isPath(name) ? undefined : holderOf(name, folder);
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
function holderOf(name: string, folder: string): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { join, basename, dirname, relative } = process.getBuiltinModule("node:path");
  const { existsSync } = process.getBuiltinModule("node:fs");
  const { pack } = splitName(name);
  const candidates = createRequire(join(folder, "noop.js")).resolve.paths(pack) ?? [];
  const isAbove = (path: string) =>
    basename(path) === "node_modules" && /^(?!\.\.)/.test(relative(dirname(path), folder));
  return candidates.find((path) => isAbove(path) && existsSync(join(path, pack)));
}

const isPath = (name: string) => name.startsWith(".") || process.getBuiltinModule("node:path").isAbsolute(name);

/**
 * Checks what decides which code is loaded: the file of a path, and for a package the folder in
 * which it was found.
 */
function checkFile(name: string, file: string, folder: string, check: CheckFile): void {
  if (!isPath(name)) check(holderOf(name, folder) ?? file, name);
  else {
    const named = process.getBuiltinModule("node:path").resolve(folder, name);
    check(named, name);
    if (named !== file) check(file, name);
  }
}

function notFound(name: string, folder: string): ConfigurationError {
  const remedy = isPath(name)
    ? "Check the path; it is resolved against the config file's folder."
    : installRemedy(name);
  return new ConfigurationError("unknown-plugin", `The plugin ${name} was not found from ${folder}.`, {
    path: "plugins",
    remedy: remedy.trim(),
  });
}

/** The part of a plugin's name that differs: `entra` of `@azidentity/plugin-entra`. */
const shortName = (name: string) => name.replace(/^(?:@?azidentity[/-])?(?:plugin-)?/, "");

/**
 * The official plugin with this short name. A package of npm with that name is not ours, so
 * installing it is no remedy.
 */
function meantPlugin(name: string): string | undefined {
  if (officialPlugins.includes(name)) return undefined;
  return officialPlugins.find((official) => shortName(official) === shortName(name));
}

function installRemedy(name: string): string {
  if (singleExecutable(process) !== undefined) return "Import it in the program, and give its value in `plugins`.";
  const meant = meantPlugin(name);
  if (meant !== undefined) return `Name it "${meant}"; if it is not installed: npm install ${meant}`;
  const near = officialPlugins.includes(name) ? "" : didYouMean(name, officialPlugins);
  return `Install it: npm install ${name}. ${near.startsWith("Did") ? near : ""}`;
}

type ImportModule = <T>(file: string, read: (module: unknown) => T | Promise<T>) => Promise<T>;

/**
 * An imported CommonJS module has its exports as `default`, with a `default` inside when it was
 * compiled from ESM.
 */
function defaultExport(module: unknown): unknown {
  const outer = (module as { default?: { default?: unknown } }).default;
  return outer?.default ?? outer;
}

/**
 * Throws when a file or folder may be changed by accounts that must not decide what this program
 * runs.
 */
export type CheckFile = (path: string, plugin: string) => void;

async function importPlugin(file: string, name: string, importModule: ImportModule): Promise<IdentityPlugin> {
  let plugin: unknown;
  try {
    plugin = await importModule(file, defaultExport);
  } catch (cause) {
    if (cause instanceof ConfigurationError && cause.file === file) throw cause;
    const reason = isError(cause) ? cause.message.split("\n")[0] : "it threw something that is not an error";
    throw new ConfigurationError("plugin-load-failed", `The plugin ${name} failed while it was loaded: ${reason}`, {
      path: "plugins",
      remedy: "The fault is in the plugin or in what it imports; `cause` has the details.",
      cause,
    });
  }
  return checkPlugin(plugin, name);
}

/**
 * Loads the plugins that a config names, and checks those that it has as values. Names and paths
 * are resolved against `folder`, which is called only if there are any.
 *
 * @throws {ConfigurationError} `unknown-plugin`, `plugin-load-failed`, `invalid-plugin`,
 * `plugin-contract`, `load-timeout`
 */
export async function loadPlugins(
  inputs: readonly unknown[],
  folder: () => string,
  importModule: ImportModule,
  check: CheckFile,
): Promise<IdentityPlugin[]> {
  return Promise.all(
    inputs.map((input) => {
      if (typeof input !== "string") return checkPlugin(input, "given in the config");
      const file = locate(input, folder());
      if (file === undefined) throw notFound(input, folder());
      checkFile(input, file, folder(), check);
      return importPlugin(file, input, importModule);
    }),
  );
}

/**
 * The official plugins that are installed. A folder above the project that the runtime may not read
 * has none, unless there is none elsewhere.
 */
function findInstalled(folder: string): readonly { name: string; file: string }[] {
  const denied: unknown[] = [];
  const found = officialPlugins.flatMap((name) => {
    try {
      const file = locate(name, folder);
      return file === undefined ? [] : [{ name, file }];
    } catch (error) {
      if (deniedPermission(error) === undefined) throw error;
      denied.push(error);
      return [];
    }
  });
  if (found.length === 0 && denied.length > 0) throw denied[0];
  return found;
}

/** Loads the official plugins that the project has installed. */
export async function loadInstalledPlugins(
  folder: string,
  importModule: ImportModule,
  check: CheckFile,
): Promise<IdentityPlugin[]> {
  const found = findInstalled(folder);
  for (const { name, file } of found) checkFile(name, file, folder, check);
  return Promise.all(found.map(({ name, file }) => importPlugin(file, name, importModule)));
}
