import type { IdentityPlugin } from "../contract/services.ts";
import { deniedPermission } from "../errors/denied-permission.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isError } from "../util/is-error.ts";
import { singleExecutable } from "../util/single-executable.ts";
import { didYouMean } from "../util/suggest.ts";
import { checkPlugin } from "./check.ts";
import { type Exists, holderOf, isPath, locateModule } from "./locate-module.ts";
import { officialPlugins } from "./official.ts";

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
  if (officialPlugins().includes(name)) return undefined;
  return officialPlugins().find((official) => shortName(official) === shortName(name));
}

function installRemedy(name: string): string {
  if (singleExecutable(process) !== undefined) return "Import it in the program, and give its value in `plugins`.";
  const meant = meantPlugin(name);
  if (meant !== undefined) return `Name it "${meant}"; if it is not installed: npm install ${meant}`;
  const near = officialPlugins().includes(name) ? "" : didYouMean(name, officialPlugins());
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
      const file = locateModule(input, folder());
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
function findInstalled(folder: string, exists: Exists | undefined): readonly { name: string; file: string }[] {
  const denied: unknown[] = [];
  const found = officialPlugins().flatMap((name) => {
    try {
      const file = locateModule(name, folder, exists);
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
  exists?: Exists,
): Promise<IdentityPlugin[]> {
  const found = findInstalled(folder, exists);
  for (const { name, file } of found) checkFile(name, file, folder, check);
  return Promise.all(found.map(({ name, file }) => importPlugin(file, name, importModule)));
}
