import type { IdentityPlugin } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isError } from "../util/is-error.ts";
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

/** The entry that `import` resolves for a package whose exports have none for `require.resolve`. */
const importEntry = ({ exports }: Manifest) => importTarget(Object(exports)["."] ?? exports);

/**
 * Absolute path of a module, resolved from `folder`; `undefined` when it is not installed there.
 */
function locate(name: string, folder: string): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { join, dirname } = process.getBuiltinModule("node:path");
  const base = join(folder, "noop.js");
  const holder = isPath(name) ? undefined : holderOf(name, folder);
  if (holder === undefined && !isPath(name)) return undefined;
  try {
    return createRequire(base).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_PACKAGE_PATH_NOT_EXPORTED" || holder === undefined)
      return undefined;
    const manifest = process.getBuiltinModule("node:fs").realpathSync(join(holder, name, "package.json"));
    const entry = importEntry(
      JSON.parse(process.getBuiltinModule("node:fs").readFileSync(manifest, "utf8")) as Manifest,
    );
    return entry === undefined ? undefined : join(dirname(manifest), entry);
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
  const [pack = name] = /^(@[^/]+\/)?[^/]+/.exec(name) ?? [];
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

/** Loads the official plugins that the project has installed. */
export async function loadInstalledPlugins(
  folder: string,
  importModule: ImportModule,
  check: CheckFile,
): Promise<IdentityPlugin[]> {
  const found = officialPlugins.flatMap((name) => {
    const file = locate(name, folder);
    return file === undefined ? [] : [{ name, file }];
  });
  for (const { name, file } of found) checkFile(name, file, folder, check);
  return Promise.all(found.map(({ name, file }) => importPlugin(file, name, importModule)));
}
